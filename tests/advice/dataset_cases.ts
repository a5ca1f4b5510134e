import type { Advice } from "./advice.ts";
import { again, type Command, plus, setIt } from "./follow.ts";

const PREPARE = ["prepare", "--config=own.json"] as const;
const captions = (): Record<string, string[]> =>
  JSON.parse(Deno.readTextFileSync("own/captions.json"));
const write = (text: string, file = "captions.json") => Deno.writeTextFileSync(`own/${file}`, text);
const csv = (header: string, separator = ",") =>
  [header, ...Object.keys(captions()).map((name) => `${name}${separator}a colour`)].join("\n") +
  "\n";

/** In place of captions.json. */
function writeCsv(text: string): void {
  write(text, "captions.csv");
  Deno.removeSync("own/captions.json");
}

/** Advice on a data set's own files. */
export const DATASET_ADVICE: Record<string, Advice> = {
  "a source that is not there": {
    command: [...PREPARE, "--dataset.source=away"],
    says: /There is no folder .*away: put the data set there, or set dataset\.source to its folder/,
    ways: {
      "put it there": again(() => Deno.renameSync("own", "away")),
      "set it": plus("--dataset.source=own"),
    },
  },
  "a source that is a file": {
    command: [...PREPARE, "--dataset.source=own/captions.json"],
    says: /is a file: set dataset\.source to the folder that holds it/,
    ways: { "set it": plus("--dataset.source=own") },
  },
  "captions that are not there": {
    given: () => Deno.renameSync("own/captions.json", "captions.json"),
    command: [...PREPARE],
    says:
      /There is no CSV, TSV, JSON or JSON lines file in .*: put it there, or set dataset\.source/,
    ways: {
      "put it there": again(() => Deno.renameSync("captions.json", "own/captions.json")),
    },
  },
  "several files of captions": {
    given: () => Deno.copyFileSync("own/captions.json", "own/other.json"),
    command: [...PREPARE],
    says: /: set dataset\.captions to one of them/,
    ways: { "set it": plus("--dataset.captions=other.json") },
  },
  "a file of captions that is named and not there": {
    command: [...PREPARE, "--dataset.captions=no.json"],
    says: /There is no file .*no\.json: set dataset\.captions to the captions file/,
    ways: { "set it": plus("--dataset.captions=captions.json") },
  },
  "captions in UTF-16": {
    given: () =>
      Deno.writeFileSync("own/captions.json", new Uint8Array([255, 254, 123, 0, 125, 0])),
    command: [...PREPARE],
    says: /UTF-16/,
    ways: {
      "save it": again(() =>
        write(
          '{"1.jpg": ["a"], "2.jpg": ["b"], "3.jpg": ["b"], "4.jpg": ["b"], "5.jpg": ["b"], "6.jpg": ["b"], "7.jpg": ["b"], "8.jpg": ["b"], "9.jpg": ["b"], "10.jpg": ["b"], "11.jpg": ["b"]}',
        )
      ),
    },
  },
  "captions that are not UTF-8": {
    given: () =>
      Deno.writeFileSync(
        "own/captions.json",
        Uint8Array.from('{"1.jpg": ["ein gr\xfcnes Feld"]}', (c) => c.charCodeAt(0)),
      ),
    command: [
      ...PREPARE,
      "--dataset.split.train=1",
      "--dataset.split.dev=0",
      "--dataset.split.test=0",
    ],
    says: /is not UTF-8 in line 1: save it as UTF-8/,
    ways: { "save it": again(() => write('{"1.jpg": ["ein grünes Feld"]}')) },
  },
  "a table with unusual columns": {
    given: () => writeCsv(csv("what,words")),
    command: [...PREPARE],
    says: /set dataset\.columns\.photo to the right one/,
    ways: {
      "set it": (_, command) => [
        [...command, "--dataset.columns.photo=what", "--dataset.columns.captions=words"],
      ],
    },
  },
  "names of photos that are not there": {
    given: () => write(JSON.stringify({ "x.jpg": ["a"], "y.jpg": ["b"] })),
    command: [...PREPARE],
    says: /names no photo in .*put its photos there, or set dataset\.images/,
    ways: {
      "put them there": again(() => {
        for (const [i, name] of ["x.jpg", "y.jpg"].entries()) {
          Deno.copyFileSync(`own/${i}.jpg`, `own/${name}`);
        }
      }),
      "set dataset.images": async (_, command) => {
        await Deno.mkdir("own/more");
        for (const [i, name] of ["x.jpg", "y.jpg"].entries()) {
          Deno.copyFileSync(`own/${i}.jpg`, `own/more/${name}`);
        }
        return [[...command, "--dataset.images=more"]];
      },
    },
  },
  "more rejected rows than may be": {
    given: () => write(JSON.stringify({ ...captions(), "x.jpg": ["a"] })),
    command: [...PREPARE],
    says: /raise dataset\.maxRejected/,
    ways: { "raise it": plus("--dataset.maxRejected=0.5") },
  },
  "another kind's layout": {
    given: () =>
      write(
        JSON.stringify({
          images: [{ id: 1, file_name: "1.jpg" }],
          annotations: [{ image_id: 1, caption: "a" }],
        }),
      ),
    command: [...PREPARE],
    says: /has the layout of another kind: set dataset\.kind to "coco"/,
    ways: {
      "set it": (said, command) => {
        Deno.renameSync("own/captions.json", "own/captions_train.json");
        return [
          [
            ...command.map((arg) => arg),
            ...setIt(said, command)[0].slice(-1),
            "--dataset.source=own",
            "--dataset.images=.",
          ] as unknown as Command,
        ];
      },
    },
  },
  "captions that end in the middle": {
    given: () => {
      const text = Deno.readTextFileSync("own/captions.json");
      Deno.writeTextFileSync("whole.json", text);
      write(text.slice(0, -30));
    },
    command: [...PREPARE],
    says: /ends in the middle: download it again/,
    ways: { "get it again": again(() => Deno.renameSync("whole.json", "own/captions.json")) },
  },
  "captions that are empty": {
    given: () => {
      Deno.renameSync("own/captions.json", "whole.json");
      write("");
    },
    command: [...PREPARE],
    says: /is empty: put .* there/,
    ways: { "put it there": again(() => Deno.renameSync("whole.json", "own/captions.json")) },
  },
  "no split of its own": {
    command: [...PREPARE, "--dataset.split=own"],
    says: /set dataset\.split to shares of train, dev and test/,
    ways: {
      "set it": (_, command) => [[
        ...command.filter((arg) => !arg.startsWith("--dataset.split")),
        "--dataset.split.train=0.8",
        "--dataset.split.dev=0.1",
        "--dataset.split.test=0.1",
      ] as unknown as Command],
    },
  },
  "no photo folder": {
    command: [...PREPARE, "--dataset.images=photos"],
    says: /There is no photo folder .*put the photos there, or set dataset\.images/,
    ways: {
      "put them there": again(() => {
        Deno.mkdirSync("own/photos");
        for (let i = 0; i < 20; i++) Deno.copyFileSync(`own/${i}.jpg`, `own/photos/${i}.jpg`);
      }),
      "set it": plus("--dataset.images=."),
    },
  },
};
