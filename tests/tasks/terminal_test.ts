import { assert, assertEquals } from "../assert.ts";
import { sampleOne, sampleSome } from "../sample.ts";
import { filesUnder, ignore, inFolder, json, run, startInTerminal } from "./task.ts";

const CTRL_C = "\x03";

/** What is left on the terminal, line by line, and whether it has its cursor and wraps lines. */
function look(output: string) {
  const last = (on: string, off: string) => output.lastIndexOf(on) >= output.lastIndexOf(off);
  const escape = String.fromCharCode(27);
  const escapes = new RegExp(`${escape}(\\[[?\\d;]*[A-Za-z]|[78])`, "g");
  const toColumn = new RegExp(`${escape}\\[\\d*G|\\r`);
  const lines = output.split("\n").map((line) =>
    line.replace(/\r$/, "").split(toColumn).at(-1)!.replace(escapes, "")
  );
  return {
    lines: lines.filter((line) => line !== ""),
    hasCursor: last("\x1b[?25h", "\x1b[?25l"),
    wraps: last("\x1b[?7h", "\x1b[?7l"),
  };
}

/** Runs a task in a terminal; Ctrl-C is pressed once it shows a text. */
async function inTerminal(
  folder: string,
  columns: number,
  args: [string, ...string[]],
  interruptAt?: string,
) {
  const child = await startInTerminal(folder, columns, ...args);
  const keys = child.stdin.getWriter();
  let output = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += part;
    if (interruptAt === undefined || !output.includes(interruptAt)) continue;
    interruptAt = undefined;
    await keys.write(new TextEncoder().encode(CTRL_C));
  }
  const { code } = await child.status;
  await keys.close().catch(() => {});
  return { code, ...look(output), output };
}

for (const columns of [80, 140]) {
  Deno.test({
    name: `a terminal of ${columns} columns: the table of epochs fits, and an error is read whole`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        const trained = await inTerminal(folder, columns, ["train", "--config", "tiny.json"]);
        assertEquals([trained.code, trained.hasCursor, trained.wraps], [0, true, true]);
        const rows = trained.lines.filter((line) => /^ +(epoch|\d\/2) /.test(line));
        assertEquals(rows.map((row) => row.trim().split(/ +/)[0]), ["epoch", "1/2", "2/2"]);
        assert(rows.every((row) => row.length <= columns), rows.join("\n"));
        const failed = await inTerminal(folder, columns, [
          "train",
          "--config=tiny.json",
          "--name=broken",
          "--training.learningRate=1e30",
        ]);
        assertEquals([failed.code, failed.hasCursor, failed.wraps], [1, true, true]);
        const error = failed.lines.join("").split("Error: ")[1];
        assert(
          /^Training broke: the loss became .* look for odd feature values$/.test(error),
          error,
        );
      }),
  });
}

/** What makes each stage long enough to be interrupted, and what makes it fail. */
interface StageCase {
  task: string;
  args: string[];
  /** Ctrl-C is pressed when this is on the terminal. */
  at: string;
  wrong: string[];
  sentence: RegExp;
}

const LONG = ["--config=tiny.json", "--dataset.train=900"];
const NOWHERE = ["--dataset.kind=flickr8k", "--dataset.source=nowhere"];

const STAGES: StageCase[] = [
  {
    task: "prepare",
    args: LONG,
    at: "Photos ",
    wrong: ["--config=tiny.json", ...NOWHERE],
    sentence: /There is no folder \S+nowhere: .* to its folder$/,
  },
  {
    task: "features",
    args: LONG,
    at: "Features ",
    wrong: ["--config=tiny.json", "--encoder.weights=no.h5"],
    sentence: /no\.h5/,
  },
  {
    task: "tokenizer",
    args: ["--config=tiny.json", "--name=words", "--dataset.train=901"],
    at: "Photos ",
    wrong: ["--config=tiny.json", "--model.units=99"],
    sentence: /data\/runs\/tiny was made by another config; .* --overwrite the old one$/,
  },
  {
    task: "train",
    args: [...LONG, "--name=long", "--training.epochs=400"],
    at: "Epoch 2 ",
    wrong: ["--config=tiny.json", "--name=broken", "--training.learningRate=1e30"],
    sentence: /Training broke: the loss became .* look for odd feature values$/,
  },
  {
    task: "evaluate",
    args: ["--run=tiny", "--dataset.test=900"],
    at: "Photos ",
    wrong: ["--run=tiny", ...NOWHERE],
    sentence: /There is no folder \S+nowhere: .* to its folder$/,
  },
  {
    task: "caption",
    args: ["--run=tiny", "photos"],
    at: "Captions ",
    wrong: ["--run=tiny", "no.jpg"],
    sentence: /photo/,
  },
  {
    task: "import",
    args: ["--name=mine", "--overwrite", "exported/decoder.h5", "exported/tokenizer.json"],
    at: "model: ",
    wrong: ["tiny.json"],
    sentence: /tiny\.json: not a tokenizer: .* nor Showtell's tokenizer\.json$/,
  },
  {
    task: "export",
    args: ["--run=tiny", "--format=tfjs", "--output=page", "--overwrite"],
    at: "Wrote ",
    wrong: ["--run=tiny", "--format=h5", "--output=exported"],
    sentence: /exported is there already: choose another --output, or --overwrite it$/,
  },
];

Deno.test({
  name: "a terminal: every stage that ends by Ctrl-C or an error leaves it with cursor and wrap",
  ignore,
  async fn(step) {
    await inFolder(async (folder) => {
      await json(folder, "train", "--config=tiny.json");
      await json(folder, "export", "--run=tiny", "--format=h5", "--output=exported");
      await copyPhotos(`${folder}/data/datasets`, `${folder}/photos`);
      for (const { task, args, at, wrong, sentence } of sampleSome(STAGES, 1 / 2, "stages")) {
        for (const columns of sampleOne([80, 140], task)) {
          await step.step(`${task}, ${columns} columns`, async () => {
            const stopped = await inTerminal(folder, columns, [task, ...args], at);
            assertEquals([stopped.hasCursor, stopped.wraps], [true, true], stopped.output);
            // What has no step long enough may have ended before the key arrived.
            assert(stopped.code === 130 || ["import", "export"].includes(task), stopped.output);
            if (stopped.code === 130) {
              assert(/^Interrupted.*\.$/.test(stopped.lines.at(-1)!), stopped.output);
            }
            const failed = await inTerminal(folder, columns, [task, ...wrong]);
            assertEquals([failed.code, failed.hasCursor, failed.wraps], [1, true, true]);
            const error = failed.lines.join("").split("Error: ")[1];
            assert(sentence.test(error), failed.output);
            const plain = await run(folder, task, ...wrong);
            const last = plain.err.trim().split("\n").at(-1);
            assertEquals([plain.code, last], [1, `Error: ${error}`]);
          });
        }
      }
    });
  },
});

async function copyPhotos(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  const photos = (await filesUnder(from)).filter((file) => file.endsWith(".jpg"));
  for (let copy = 0; copy < 8; copy++) {
    for (const photo of photos) {
      await Deno.copyFile(`${from}/${photo}`, `${to}/${copy}-${photo.split("/").at(-1)}`);
    }
  }
}
