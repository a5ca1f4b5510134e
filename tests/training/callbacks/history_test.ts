import type { CallbackState } from "../../../lib/training/mod.ts";
import { readHistory } from "../../../lib/training/callbacks/mod.ts";
import { History } from "../../../lib/training/callbacks/history.ts";
import { assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { FakeTraining, kept } from "./fake_training.ts";

function withFile(check: (path: string) => Promise<void>) {
  return async () => {
    const folder = await Deno.makeTempDir();
    try {
      await check(`${folder}/history.jsonl`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

const ignore = !granted("read", "write");

Deno.test({
  name: "History writes a line an epoch with rate and seconds, NaN as null",
  ignore,
  fn: withFile(async (path) => {
    let clock = 0;
    const history = new History({ path, now: () => clock += 1500 });
    await new FakeTraining([history], 0.5).run([
      { loss: 2, val_loss: 3 },
      { loss: 1, val_loss: 3, extra: NaN },
    ]);
    assertEquals(
      await Deno.readTextFile(path),
      '{"epoch":0,"loss":2,"val_loss":3,"learning_rate":0.5,"seconds":1.5}\n' +
        '{"epoch":1,"loss":1,"val_loss":3,"extra":null,"learning_rate":0.5,"seconds":1.5}\n',
    );
  }),
});

Deno.test({
  name: "History cuts back to the epoch that is resumed, a half line included",
  ignore,
  fn: withFile(async (path) => {
    const first = new History({ path });
    const states: CallbackState[] = [];
    const snapshot = { name: "kill", onEpochEnd: () => void states.push(first.state()) };
    await new FakeTraining([first, snapshot]).run([{ loss: 3 }, { loss: 2 }, { loss: 1 }]);
    await Deno.writeTextFile(path, '{"epoch":3,"lo', { append: true });
    const second = new History({ path });
    await new FakeTraining([second]).run([{ loss: 9 }], 2, { History: kept(states[1]) });
    const lines = await readHistory(path);
    assertEquals(lines.map(({ epoch, loss }) => [epoch, loss]), [[0, 3], [1, 2], [2, 9]]);
    assertEquals(second.lines, lines);
  }),
});

Deno.test({
  name: "History writes a damaged file again as the checkpoint knows it, and says so",
  ignore,
  fn: withFile(async (path) => {
    const first = new History({ path });
    await new FakeTraining([first]).run([{ loss: 3 }, { loss: 2 }]);
    const state = kept(first.state());
    const whole = await Deno.readTextFile(path);
    const resumed = async (text?: string) => {
      if (text === undefined) await Deno.remove(path);
      else await Deno.writeTextFile(path, text);
      const training = new FakeTraining([new History({ path })]);
      await training.run([], 2, { History: state });
      const lines = await readHistory(path);
      assertEquals(lines.map(({ epoch, loss }) => [epoch, loss]), [[0, 3], [1, 2]]);
      const lost = lines.filter(({ seconds }) => seconds === null).length;
      return [training.said.length, lost, await Deno.readTextFile(path) === whole];
    };
    assertEquals(await resumed(whole), [0, 0, true]);
    assertEquals(await resumed(whole + '{"epoch":2,"lo'), [0, 0, true]); // of a killed writer
    assertEquals(await resumed(whole.split("\n")[0] + "\n"), [1, 1, false]);
    assertEquals(await resumed(whole.replace('"loss":3', '"loss":4')), [1, 1, false]);
    for (const damaged of ["", "null\nnull\n", "[]"]) {
      assertEquals(await resumed(damaged), [1, 2, false]);
    }
    assertEquals(await resumed(), [1, 2, false]);
  }),
});

Deno.test({
  name: "History counts the seconds of a resumed epoch from where they stood, of no other epoch",
  ignore,
  fn: withFile(async (path) => {
    let clock = 0;
    const history = () => new History({ path, now: () => clock });
    const first = history();
    let state: CallbackState | undefined;
    const kill = {
      name: "kill",
      onStepEnd: () => {
        clock += 2000;
        state ??= kept(first.state());
      },
    };
    await new FakeTraining([first, kill]).run([{ loss: 3 }]);
    clock = 60_000;
    const work = { name: "work", onStepEnd: () => void (clock += 500) };
    const states = { History: state! };
    await new FakeTraining([history(), work]).run([{ loss: 3 }, { loss: 2 }], 0, states);
    assertEquals((await readHistory(path)).map(({ seconds }) => seconds), [2.5, 0.5]);
    await new FakeTraining([history(), work]).run([{ loss: 2 }], 1, states);
    assertEquals((await readHistory(path)).map(({ seconds }) => seconds), [0.5]);
  }),
});

Deno.test({
  name: "History of a training from scratch replaces an old file",
  ignore,
  fn: withFile(async (path) => {
    const history = new History({ path });
    await new FakeTraining([history]).run([{ loss: 3 }, { loss: 2 }]);
    await new FakeTraining([history]).run([{ loss: 5 }]);
    assertEquals((await readHistory(path)).map(({ loss }) => loss), [5]);
  }),
});

Deno.test({
  name: "readHistory() names the file and line that is not JSON",
  ignore,
  fn: withFile(async (path) => {
    await Deno.writeTextFile(path, '{"epoch":0}\nnonsense\n');
    await assertRejects(() => readHistory(path), SyntaxError, "history.jsonl:2 is not");
  }),
});
