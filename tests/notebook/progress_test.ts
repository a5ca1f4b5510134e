import { interrupt } from "../../lib/notebook/interrupts.ts";
import { EpochsTable, progress } from "../../lib/notebook/mod.ts";
import { createCallbacks, trainingSettings } from "../../lib/training/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { FakeTraining } from "../training/callbacks/fake_training.ts";
import { printed } from "./printed.ts";

const turn = () => new Promise((done) => setTimeout(done));

Deno.test("progress() that is interrupted ends in one sentence that says where; the next is not", async () => {
  let steps = 0;
  const work = (ends: number) =>
    progress("Training", async ({ signal, onProgress }) => {
      for (steps = 0; steps < ends; steps++) {
        signal.throwIfAborted();
        onProgress("Epoch 3", steps, 79);
        await turn();
        if (ends > 10 && steps === 5) interrupt();
      }
      return steps;
    }, { epochs: 12 });
  const lines = await printed(async () => {
    const error = await assertRejects(() => work(50), Error);
    const sentence =
      "at epoch 3, 5 of 79 steps. What is finished is kept; run this cell again to " +
      "resume.";
    assertEquals([error.name, error.message], ["Interrupted", sentence]);
    assertEquals(error.stack, `Interrupted: ${sentence}`);
    assertEquals(steps, 6);
    interrupt(); // while nothing runs
    assertEquals(await work(3), 3);
  });
  assertEquals(lines, ["Training: interrupted at epoch 3, 5 of 79 steps", "Training: done"]);
});

Deno.test("progress() passes on results and errors, these in the words of the settings cell", async () => {
  const lines = await printed(async () => {
    await progress("A", ({ say }) => Promise.resolve(say("set --training.epochs=3")));
    const fails = () => Promise.reject(new RangeError("give it another --name"));
    const error = await assertRejects(() => progress("B", fails), RangeError);
    assertEquals(error.message, "give it another name (in the settings cell at the top)");
    assertEquals(error.stack?.split("\n")[0], `RangeError: ${error.message}`);
  });
  assertEquals(lines, [
    'set "training.epochs": "3" (in the settings cell at the top)',
    "A: done",
    "B: failed",
  ]);
});

Deno.test({
  name: "EpochsTable shows the epochs of the history, those before an interruption included",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const at = (name: string) => `${folder}/${name}`;
    const paths = { best: at("best"), last: at("last"), history: at("history.jsonl") };
    const made = () => {
      const callbacks = createCallbacks(trainingSettings.parse({ epochs: 4 }), {
        ...paths,
        tensorBoard: at("tensorboard"),
      });
      return [...callbacks, new EpochsTable(4, callbacks)];
    };
    const lines = await printed(async () => {
      const before = await new FakeTraining(made()).run([3, 1].map((loss) => ({
        loss,
        val_loss: loss,
      })));
      await new FakeTraining(made()).run([{ loss: 2, val_loss: 2 }], 2, {
        ...before.saved.at(-1)!.states as Record<string, { json: unknown }>,
      });
    });
    assertEquals(lines, [
      "Epochs: 1 of 4, the best is 1",
      "Epochs: 2 of 4, the best is 2",
      "Epochs: 3 of 4, the best is 2",
    ]);
    await Deno.remove(folder, { recursive: true });
  },
});
