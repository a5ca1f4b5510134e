/** Wrong command lines: each answer says what was found, where, and what to type. */
import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, json, run } from "./task.ts";

/** What is typed, the exit code, and how the sentence begins, or with … what is in it. */
const LINES: [line: string, code: number, answer: string][] = [
  ["train --epocs=3", 2, "There is no option --epocs; did you mean --training.epochs=3?"],
  ["train --training=3", 2, "There is no option --training; training is a part of the config: its"],
  ["train --training.epochs", 2, "--training.epochs has no value: write --training.epochs=VALUE"],
  [
    "train --training.epocs=3",
    1,
    'Command line: unknown key "training.epocs"; did you mean "training.epochs"?',
  ],
  [
    "train --training.epochs=many",
    1,
    'Command line: "training.epochs" is "many"; it must be a whole number of at least 1',
  ],
  [
    "train --name=../evil",
    1,
    'Command line: "name" is "../evil": it must be 1 to 100 letters, digits, _ - . and begin with',
  ],
  [
    "train flickr8k_vgg16",
    2,
    '"flickr8k_vgg16" is neither an option nor the value of one; a config is named by ' +
    "--config=flickr8k_vgg16, a run by",
  ],
  ["train epochs=3", 2, '"epochs=3" is neither an option nor the value of one; did you mean --tra'],
  [
    "train --config=flickr8k_vg16",
    1,
    'There is no config "flickr8k_vg16"; did you mean flickr8k_vgg',
  ],
  ["train --config=mine.json", 1, 'There is no config "mine.json"; …'],
  [
    "train --config=tiny.json --model.kind=par_inject",
    1,
    'data/runs/tiny was made by another config; these keys differ: model.kind ("merge", now ' +
    '"par_inject")',
  ],
  [
    "train --config=tiny.json --from=tiny --name=b --model.units=3",
    2,
    "--from=tiny takes over the run's text settings and model, so --model.units would change nothing",
  ],
  [
    "train --config=tiny.json --encoder.kind=vgg17",
    1,
    'Command line: "encoder.kind" is "vgg17"; it must be "vgg16", "mobilenet_v2"',
  ],
  ["prepare --dataset.kind=flickr8k --dataset.source=nowhere", 1, "There is no folder …nowhere"],
  ["features --json=yes", 2, "--json takes no value: write --json alone"],
  ["tokenizer --overwite", 2, "There is no option --overwite; did you mean --overwrite?"],
  ["evaluate --run=tinny", 1, 'There is no run "tinny" in data/runs; did you mean tiny?'],
  [
    "evaluate --run=tiny --training.epochs=9",
    2,
    "--run=tiny is trained already, so --training.epochs would change nothing: leave it out",
  ],
  ["caption --run=tiny", 2, "PHOTO… is missing (…): write deno task caption PHOTO…"],
  [
    "caption --run=./data photo.jpg",
    1,
    "./data holds no run: there is no config.json in it; `deno",
  ],
  [
    "export --run=tiny --format=keros",
    2,
    '--format is "keros"; did you mean keras? it must be ker',
  ],
  ["export --run=tiny", 2, "--format is missing (…): write --format=keras, h5 or tfjs"],
  [
    "runs lst",
    2,
    'There is no "deno task runs lst"; did you mean "deno task runs list"? there are',
  ],
  ["runs compare tiny", 2, "B is missing (name of another run): write deno task runs compare A B"],
  ["runs delete tony", 1, 'There is no run "tony" in data/runs; did you mean tiny?'],
  ["score --candidates=a.json", 2, "--references is missing (…): write --references=FILE"],
  ["score --candidates=a.json --references=b.json", 1, "Cannot read a.json: no such file"],
  ["import nope.h5", 1, "There is no file nope.h5: put it there, or name another"],
  [
    "setup --cpu",
    2,
    "There is no option --cpu; the task has --debug, --gpu, --weights, --onnx, --json and --help",
  ],
  ["setup --weights=vgg16", 2, '--weights is "vgg16"; it must be efficientnet_lite0, efficientnet'],
  ["setup --gpu --weights=efficientnet_lite0", 2, "--gpu, --weights and --onnx exclude each other"],
  ["doctor extra", 2, '"extra" is neither an option nor the value of one'],
];

Deno.test({
  name: "wrong command lines: one sentence with what was found and what to type",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await json(folder, "train", "--config=tiny.json");
      for (const [line, code, answer] of LINES) {
        const [task, ...args] = line.split(" ");
        const outcome = await run(folder, task, ...args);
        const lines = outcome.err.trim().split("\n").filter((each) => !each.startsWith("Engine: "));
        const help = `See \`deno task ${task}`;
        assertEquals([outcome.code, outcome.out], [code, ""], `${line}: ${outcome.err}`);
        assert(lines.length === (code === 2 ? 2 : 1), `${line}: ${outcome.err}`);
        assert(code === 1 || /^See .*--help/.test(lines[1]), `${help}: ${outcome.err}`);
        assert(!/undefined|os error|^ +at |\[object/m.test(outcome.err), outcome.err);
        const parts = `Error: ${answer}`.split("…");
        let from = 0;
        for (const part of parts) {
          const at = lines[0].indexOf(part, from);
          assert(at >= 0 && (from > 0 || at === 0), `${line}: ${outcome.err}`);
          from = at + part.length;
        }
      }
    }),
});
