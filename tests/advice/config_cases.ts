import type { Advice } from "./advice.ts";
import { OWN, TINY } from "./bases.ts";
import { again, itsCommand, meant, plus, without } from "./follow.ts";

const write = (file: string, value: unknown) =>
  Deno.writeTextFile(file, typeof value === "string" ? value : JSON.stringify(value));

/** Advice on commands and configs. */
export const CONFIG_ADVICE: Record<string, Advice> = {
  "an option without a value": {
    command: ["prepare", "--config=tiny.json", "--dataset.seed"],
    says: /has no value: write/,
    ways: {
      "write it": (
        said,
      ) => [["prepare", "--config=tiny.json", /write (\S+=)VALUE/.exec(said)![1] + "3"]],
    },
  },
  "an unknown option": {
    command: ["prepare", "--config=tiny.json", "--sead=3"],
    says: /There is no option/,
    ways: { "what was meant": meant("--sead=3") },
  },
  "an option that takes no value": {
    command: ["prepare", "--config=tiny.json", "--json=yes"],
    says: /takes no value: write/,
    ways: { "write it alone": meant("--json=yes", /write (\S+) alone/) },
  },
  "a config in place of an option": {
    command: ["prepare", "tiny.json"],
    says: /is neither an option nor the value of one/,
    ways: { "--config": meant("tiny.json", /named by (--config=[^\s,]+)/) },
  },
  "a key without its part": {
    command: ["prepare", "--config=tiny.json", "dataset.seed=2"],
    says: /is neither an option nor the value of one/,
    ways: { "what was meant": meant("dataset.seed=2") },
  },
  "an argument too many": {
    base: "trained",
    command: ["runs", "show", "tiny", "other"],
    says: /is one argument too many: write/,
    ways: { "write it": () => [["runs", "show", "tiny"]] },
  },
  "a subcommand that is misspelt": {
    base: "trained",
    command: ["runs", "comparee", "tiny", "tiny"],
    says: /There is no "deno task runs comparee"/,
    ways: { "what was meant": meant("comparee", /did you mean "deno task runs (\w+)"/) },
  },
  "an argument that is missing": {
    base: "trained",
    command: ["runs", "show"],
    says: /is missing .*: write/,
    ways: {
      "write it": (
        said,
      ) => [/write deno task (.*)/.exec(said)![1].replace("NAME", "tiny").split(" ") as ["runs"]],
    },
  },
  "an option that is missing": {
    base: "trained",
    command: ["export", "--run=tiny"],
    says: /--format is missing .*: write/,
    ways: {
      "write it": (said) => [["export", "--run=tiny", /write (--format=\w+)/.exec(said)![1]]],
    },
  },
  "a value that is none of the choices": {
    base: "trained",
    command: ["export", "--run=tiny", "--format=kers"],
    says: /--format is "kers"/,
    ways: { "what was meant": meant("kers", /did you mean (\w+)\?/) },
  },
  "a key that is misspelt": {
    command: ["prepare", "--config=tiny.json", "--dataset.sead=2"],
    says: /unknown key/,
    ways: { "what was meant": meant("dataset.sead") },
  },
  "a key that is misspelt in the file": {
    given: () => write("tiny.json", { ...TINY, trainin: TINY.training, training: undefined }),
    command: ["prepare", "--config=tiny.json"],
    says: /unknown key "trainin"; did you mean "training"\?/,
    ways: { "what was meant": again(() => write("tiny.json", TINY)) },
  },
  "a config that is no object": {
    given: () => write("tiny.json", JSON.stringify(TINY).slice(1, -1).replace(/^"name":/, "")),
    command: ["prepare", "--config=tiny.json"],
    says: /is not valid JSON|put the config in/,
    ways: { "braces": again(() => write("tiny.json", TINY)) },
  },
  "a config that is a list": {
    given: () => write("tiny.json", [TINY]),
    command: ["prepare", "--config=tiny.json"],
    says: /is not a JSON object: put the config in \{ \}/,
    ways: { "braces": again(() => write("tiny.json", TINY)) },
  },
  "a config that is a folder": {
    given: () => Deno.mkdir("configs.json"),
    command: ["prepare", "--config=configs.json"],
    says: /is a folder, not a file: name a file, or put it there/,
    ways: {
      "name a file": () => [["prepare", "--config=tiny.json"]],
      "put it there": again(async () => {
        await Deno.remove("configs.json");
        await write("configs.json", TINY);
      }),
    },
  },
  "a config that is not there": {
    command: ["doctor", "--config=flickr8k_vgg"],
    says: /There is no config/,
    ways: {
      "give its path": () => [["prepare", "--config=./tiny.json"]],
    },
  },
  "a bundled config that is misspelt": {
    command: ["runs"],
    says: /No runs yet: `deno task train` creates one/,
    ways: { "train": () => [["train", "--config=tiny.json"]] },
  },
  "a run's config that was changed": {
    base: "trained",
    given: async () => {
      const text = await Deno.readTextFile("data/runs/tiny/config.json");
      await write("data/runs/tiny/config.json", text.replace('"units": 4', '"units": 5'));
    },
    command: ["prepare", "--config=data/runs/tiny/config.json"],
    says: /is not as it was written: give the config that made the run, or delete/,
    ways: {
      "give the config": () => [["prepare", "--config=tiny.json"]],
      "delete them": async () => {
        const { format: _, sha256: __, ...rest } = JSON.parse(
          await Deno.readTextFile("data/runs/tiny/config.json"),
        );
        await write("copy.json", rest);
        return [["prepare", "--config=copy.json"]];
      },
    },
  },
  "--published without anything published": {
    command: ["prepare", "--config=tiny.json", "--published"],
    says: /does not reproduce a published system: leave out --published/,
    ways: { "leave it out": without("--published") },
  },
  "SHOWTELL_ENGINE that names no engine": {
    given: () => Deno.env.set("SHOWTELL_ENGINE", "gpu"),
    command: ["prepare", "--config=tiny.json"],
    says: /SHOWTELL_ENGINE is "gpu"; it can be/,
    ways: {
      "what it can be": (said, command) => {
        Deno.env.set("SHOWTELL_ENGINE", /can be (\w+)/.exec(said)![1]);
        return [command];
      },
    },
    proof: () => {
      Deno.env.delete("SHOWTELL_ENGINE");
      return true;
    },
  },
  "features without a file": {
    given: () => write("own.json", { ...OWN, encoder: { kind: "features" } }),
    command: ["features", "--config=own.json"],
    says:
      /cannot read photos: name a file .*--encoder\.features=FILE, or an encoder, --encoder\.kind=/,
    ways: { "an encoder": plus("--encoder.kind=shapes_cnn") },
  },
  "a run of this name by another config": {
    base: "trained",
    command: ["train", "--config=tiny.json", "--model.units=5", "--training.epochs=1"],
    says: /was made by another config/,
    ways: { "another name": plus("--name=other"), "--overwrite": plus("--overwrite") },
  },
  "captions' file without a format": {
    base: "trained",
    command: ["caption", "--run=tiny", "data/datasets", "--out=captions"],
    says: /does not say its format: let it end in/,
    ways: {
      "let it end so": (
        _,
        command,
      ) => [
        command.map((arg) => arg.replace("--out=captions", "--out=captions.csv")) as ["caption"],
      ],
    },
  },
  "a captions' file that is there": {
    base: "trained",
    given: () => write("captions.csv", ""),
    command: ["caption", "--run=tiny", "data/datasets", "--out=captions.csv"],
    says: /is there already: choose another --out, or --overwrite it/,
    ways: { "another": plus("--out=b.csv"), "--overwrite": plus("--overwrite") },
  },
  "score of weights by COCO's definition": {
    given: async () => {
      await write("c.json", { a: "a red dog runs" });
      await write("r.json", { a: ["a red dog runs fast"] });
    },
    command: ["score", "--candidates=c.json", "--references=r.json", "--weights=0.5,0.5"],
    says: /--weights needs --definition nltk/,
    ways: { "--definition nltk": plus("--definition=nltk") },
  },
  "an imported run of which nobody said what it saw": {
    base: "imported",
    command: ["evaluate", "--run=mine", "--config=tiny.json"],
    says: /import it with --trained-on FILE/,
    ways: {
      "--trained-on": async () => {
        await write("list.txt", "a.jpg\n");
        return [
          [
            "import",
            "my model.h5",
            "words.json",
            "--name=mine",
            "--encoder.kind=shapes_cnn",
            "--overwrite",
            "--trained-on",
            "list.txt",
          ],
          ["evaluate", "--run=mine", "--config=tiny.json"],
        ];
      },
    },
  },
  "a model without its tokenizer": {
    base: "imported",
    command: ["import", "my model.h5"],
    says: /To create a run, import my model\.h5 with its tokenizer: deno task import/,
    ways: { "its command": itsCommand({ values: { TOKENIZER: "words.json" } }) },
  },
  "a tokenizer without its model": {
    base: "imported",
    command: ["import", "words.json"],
    says: /To create a run, import words\.json with its model: deno task import/,
    ways: { "its command": itsCommand({ values: { MODEL: "my model.h5" } }) },
  },
  "an imported run of this name": {
    base: "imported",
    command: ["import", "my model.h5", "words.json", "--name=mine"],
    says: /There is a run in data\/runs\/mine already/,
    ways: { "another name": plus("--name=other"), "--overwrite": plus("--overwrite") },
  },
};
