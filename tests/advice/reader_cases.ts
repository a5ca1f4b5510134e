import type { Advice } from "./advice.ts";
import { again, type Command, plus } from "./follow.ts";

const IMPORT: Command = [
  "import",
  "my model.h5",
  "w.json",
  "--name=other",
  "--encoder.kind=shapes_cnn",
];
const words = () => JSON.parse(Deno.readTextFileSync("words.json")) as Record<string, number>;
const write = (value: unknown, file = "w.json") =>
  Deno.writeTextFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
const right = again(() => Deno.copyFileSync("words.json", "w.json"));

/** A tokenizer that is not as it should be, and gets so by the advice. */
const tokenizer = (value: () => unknown, says: RegExp): Advice => ({
  base: "imported",
  given: () => write(value()),
  command: IMPORT,
  says,
  ways: { "give the right one": right },
});

const FEATURES: Command = ["features", "--config=tiny.json"];
/** A value of encoder.weights, and what else it can be. */
const weights = (
  value: string,
  says: RegExp,
  ways: Advice["ways"] = {},
  given: Advice["given"] = () => {},
): Advice => ({
  base: "imported",
  given,
  command: [...FEATURES, `--encoder.weights=${value}`],
  says,
  ways: { "builtin": plus("--encoder.weights=builtin"), ...ways },
});

/** Advice on files that come from elsewhere. */
export const READER_ADVICE: Record<string, Advice> = {
  "a tokenizer that is empty": tokenizer(() => "", /w\.json is empty: get the file again/),
  "a tokenizer that ends in the middle": tokenizer(
    () => JSON.stringify(words()).slice(0, -5),
    /w\.json is not JSON .*: get the file again/,
  ),
  "a dictionary that Python printed": tokenizer(
    () => JSON.stringify(words()).replaceAll('"', "'"),
    /that Python printed, not JSON: make JSON of it/,
  ),
  "a list of words without the padding": tokenizer(
    () => Object.keys(words()),
    /save \{word: index, …\} instead/,
  ),
  "a dictionary of counts": tokenizer(
    () => ({ ...words(), red: 4 }),
    /save the dictionary of words and their indices/,
  ),
  "JSON that is no tokenizer": tokenizer(
    () => ({ ...words(), red: "x" }),
    /not a tokenizer: .*; give one of these/,
  ),
  "a tokenizer of another training": tokenizer(
    () => ({ startseq: 1, endseq: 2 }),
    /not of the same training; import the tokenizer that the model was trained with/,
  ),
  "markers that are not usual": {
    base: "imported",
    given: () => write(JSON.stringify(words()).replace("startseq", "on1").replace("endseq", "off")),
    command: IMPORT,
    says: /name its own by --text\.markers\.start= and --text\.markers\.end=/,
    ways: { "name them": plus("--text.markers.start=on1", "--text.markers.end=off") },
  },
  "a marker that is no word": {
    base: "imported",
    given: () => write(words()),
    command: [...IMPORT, "--text.markers.start=startsec", "--text.markers.end=endseq"],
    says: /is not among its 7 words; "startseq" is/,
    ways: {
      "the word that is": (said, command) => {
        const near = /; "(\w+)" is/.exec(said)![1];
        return [command.map((arg) => arg.replace("startsec", near)) as Command];
      },
    },
  },
  "two tokenizers that differ": {
    base: "imported",
    given: () => write({ ...words(), red: 77 }),
    command: ["import", "my model.h5", "words.json", "w.json", "--name=other"],
    says: /import the one that the model was trained with/,
    ways: {
      "import that one": (_, command) => [
        [
          "import",
          ...command.slice(1).filter((arg) => arg !== "w.json"),
          "--encoder.kind=shapes_cnn",
        ],
      ],
    },
  },
  "a model that ends in the middle": {
    base: "imported",
    given: () => {
      const bytes = Deno.readFileSync("my model.h5");
      Deno.renameSync("my model.h5", "whole.h5");
      Deno.writeFileSync("my model.h5", bytes.subarray(0, bytes.length >> 1));
      Deno.copyFileSync("words.json", "w.json");
    },
    command: IMPORT,
    says: /is truncated: .*; get the file again/,
    ways: { "get it again": again(() => Deno.renameSync("whole.h5", "my model.h5")) },
  },
  "a file that is not there": {
    base: "imported",
    command: IMPORT,
    says: /There is no file w\.json: put it there, or name another/,
    ways: {
      "put it there": right,
      "name another": (
        _,
        command,
      ) => [command.map((arg) => arg.replace("w.json", "words.json")) as Command],
    },
  },
  "a model for other features than its encoder gives": {
    base: "imported",
    given: () => write(words()),
    command: IMPORT.map((arg) => arg.replace("shapes_cnn", "vgg16")) as Command,
    says: /set --encoder\.kind= and --encoder\.layer=, or --encoder\.kind=features/,
    ways: {
      "set the encoder": plus("--encoder.kind=shapes_cnn", "--encoder.layer=features"),
    },
  },
  "a list of photos seen that is not there": {
    base: "imported",
    given: () => write(words()),
    command: [...IMPORT, "--trained-on=seen.txt"],
    says: /--trained-on: there is no file seen\.txt: put it there, or leave the option out/,
    ways: {
      "put it there": again(() => write("1.jpg\n", "seen.txt")),
      "leave it out": () => [IMPORT],
    },
  },
  "an empty list of photos seen": {
    base: "imported",
    given: () => {
      write(words());
      write("\n", "seen.txt");
    },
    command: [...IMPORT, "--trained-on=seen.txt"],
    says: /seen\.txt is empty: put a photo's name on each line, or leave the option out/,
    ways: {
      "put names there": again(() => write("1.jpg\n", "seen.txt")),
      "leave it out": () => [IMPORT],
    },
  },
  "weights of ImageNet that there are not": weights(
    "imagenet",
    /set encoder\.weights to "builtin", "random" or a file/,
    {
      "random": plus("--encoder.weights=random"),
    },
  ),
  "weights that are not there": weights(
    "a.h5",
    /there is no file of that name: set it to a file of weights, or to "builtin"/,
  ),
  "weights of no kind": weights("abc", /expected "builtin", "random", or a file of weights/),
  "weights of another model": weights(
    "m.h5",
    /give encoder\.weights a file of shapes_cnn, and a caption decoder to deno task import/,
    {
      "a caption decoder to import": () => [[
        "import",
        "m.h5",
        "words.json",
        "--name=other",
        "--encoder.kind=shapes_cnn",
      ]],
    },
    () => Deno.copyFileSync("my model.h5", "m.h5"),
  ),
  "a folder without weights": weights(
    "data",
    /set encoder\.weights to a file of weights, or to a folder that has one of them/,
  ),
  "a layer that there is not": {
    base: "imported",
    command: [...FEATURES, "--encoder.layer=conv9"],
    says: /has no layer "conv9"; did you mean one of/,
    ways: {
      "one of those": (said, command) => {
        const near = /one of "(\w+)"/.exec(said)![1];
        return [command.map((arg) => arg.replace("conv9", near)) as Command];
      },
    },
  },
};
