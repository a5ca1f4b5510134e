import type { Advice } from "./advice.ts";
import { again, type Command, itsCommand, plus, without } from "./follow.ts";

const RUN = "data/runs/tiny";

/** Changes the middle byte of a file. */
async function damage(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[bytes.length >> 1] ^= 1;
  await Deno.writeFile(path, bytes);
}

/** The only folder or file in a folder whose name begins so. */
function inside(folder: string, begin = ""): string {
  const found = [...Deno.readDirSync(folder)].find(({ name }) => name.startsWith(begin))!;
  return `${folder}/${found.name}`;
}

const CAPTION: Command = ["caption", "--run=tiny", "photo.jpg"];
const copyPhoto = () =>
  Deno.copyFileSync(inside(`${inside("data/datasets")}/photos`, "test"), "photo.jpg");
const remove = (...paths: string[]) =>
  paths.forEach((path) => Deno.removeSync(path, { recursive: true }));

const CHECKPOINTS = `${RUN}/checkpoints`;

/** Advice on runs, prepared data and caches. */
export const RUN_ADVICE: Record<string, Advice> = {
  "best and last checkpoint damaged": {
    base: "trained",
    given: async () => {
      copyPhoto();
      await damage(`${CHECKPOINTS}/best.safetensors`);
      await damage(`${CHECKPOINTS}/last.safetensors`);
    },
    command: CAPTION,
    says: /best\.safetensors is damaged/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "best checkpoint gone": {
    base: "trained",
    given: () => {
      copyPhoto();
      remove(`${CHECKPOINTS}/best.safetensors`);
    },
    command: CAPTION,
    says: /best\.safetensors/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "checkpoints gone": {
    base: "trained",
    given: () => {
      copyPhoto();
      remove(CHECKPOINTS);
    },
    command: CAPTION,
    says: /best\.safetensors/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "tokenizer of a run damaged": {
    base: "trained",
    given: async () => {
      copyPhoto();
      await damage(`${RUN}/tokenizer.json`);
    },
    command: CAPTION,
    says: /tokenizer\.json/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "list of the photos of a run emptied": {
    base: "trained",
    given: () => Deno.writeTextFileSync(`${RUN}/trained_on.txt`, ""),
    command: ["evaluate", "--run=tiny"],
    says: /trained_on\.txt/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "training record of a run gone": {
    base: "trained",
    given: () => {
      copyPhoto();
      remove(`${RUN}/training.json`);
    },
    command: CAPTION,
    says: /is not trained to its end/,
    ways: { "train it": itsCommand({ then: true }) },
  },
  "config of a run damaged": {
    base: "trained",
    given: () => damage(`${RUN}/config.json`),
    command: ["evaluate", "--run=tiny"],
    says: /config\.json/,
    ways: {
      "train with the config": () => [["train", "--config=tiny.json"], ["evaluate", "--run=tiny"]],
    },
  },
  "runs clean beside a run without a config": {
    base: "trained",
    given: () => damage(`${RUN}/config.json`),
    command: ["runs", "clean"],
    says: /cannot be told what the run "tiny" uses/,
    ways: {
      "delete it": (said, command) => [itsCommand()(said, command).at(-1)!, command],
      "restore it": (_, command) => [["train", "--config=tiny.json"], command],
    },
  },
  "an evaluation damaged": {
    base: "trained",
    given: () => damage(inside(`${RUN}/evaluations`, "shapes-test.json")),
    command: ["runs", "show", "tiny"],
    says: /shapes-test\.json is damaged/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "a run that is not evaluated is compared": {
    base: "trained",
    given: () => {
      Deno.mkdirSync("data/runs/b");
      new Deno.Command("cp", { args: ["-r", `${RUN}/.`, "data/runs/b"] }).outputSync();
      remove("data/runs/b/evaluations");
    },
    command: ["runs", "compare", "tiny", "b"],
    says: /is not evaluated/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "a run begun and not trained is shown": {
    base: "trained",
    given: () => remove(`${RUN}/training.json`),
    command: ["runs", "show", "tiny", "--svg=data/d.svg"],
    says: /is not trained yet/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "the layers of a run begun and not trained": {
    base: "trained",
    given: () => remove(`${RUN}/training.json`),
    command: ["runs", "show", "tiny"],
    says: /The decoder: its layers are known once training has ended/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "a run that does not exist": {
    base: "trained",
    command: ["runs", "show", "tony"],
    says: /There is no run "tony"/,
    ways: { "look at the list": itsCommand() },
  },
  "a folder that is no run": {
    base: "trained",
    given: () => Deno.mkdir("folder"),
    command: ["caption", "--run=./folder", "a.jpg"],
    says: /holds no run/,
    ways: { "look at the list": itsCommand() },
  },
  "several runs and none named": {
    base: "trained",
    given: () => {
      copyPhoto();
      new Deno.Command("cp", { args: ["-r", RUN, "data/runs/b"] }).outputSync();
    },
    command: ["caption", "photo.jpg"],
    says: /choose one by --run/,
    ways: { "choose": plus("--run=tiny") },
  },
  "a key that would change nothing of a trained run": {
    base: "trained",
    command: ["evaluate", "--run=tiny", "--model.units=9"],
    says: /would change nothing: leave it out/,
    ways: { "leave it out": without("--model.units") },
  },
  "--from a run with its model set": {
    base: "trained",
    command: ["train", "--config=tiny.json", "--name=b", "--from=tiny", "--model.units=9"],
    says: /leave one of them out/,
    ways: { "the key": without("--model.units"), "--from": without("--from") },
  },
  "training in an imported run": {
    base: "imported",
    command: [
      "train",
      "--config=data/runs/mine/config.json",
      "--dataset.train=40",
      "--dataset.dev=10",
      "--dataset.test=10",
    ],
    says: /was imported, and training would replace its weights/,
    ways: {
      "another name and --from": (
        _,
        command,
      ) => [[...command, "--name=b", "--from=data/runs/mine"]],
    },
  },
  "an imported run damaged": {
    base: "imported",
    given: () => damage("data/runs/mine/checkpoints/best.safetensors"),
    command: ["export", "--run=mine", "--format=keras"],
    says: /import the run's files again, with --overwrite/,
    ways: {
      "import again": (
        _,
        command,
      ) => [["import", "my model.h5", "words.json", "--name=mine", "--overwrite"], command],
    },
  },
  "an export that is there": {
    base: "trained",
    given: async () => {
      Deno.mkdirSync("data/exports/tiny-keras", { recursive: true });
      await Deno.writeTextFile("data/exports/tiny-keras/card.json", "{}");
    },
    command: ["export", "--run=tiny", "--format=keras"],
    says: /is there already: choose another --output, or --overwrite it/,
    ways: { "another": plus("--output=data/exports/b"), "--overwrite": plus("--overwrite") },
  },
  "a folder in an export's place": {
    base: "trained",
    given: () => Deno.mkdirSync("data/exports/tiny-keras/mine", { recursive: true }),
    command: ["export", "--run=tiny", "--format=keras"],
    says: /is there already and no export/,
    ways: { "another": plus("--output=data/exports/b") },
  },
  "a photo of one's own gone, and its features": {
    base: "trainedOwn",
    given: () => {
      Deno.renameSync("own/3.jpg", "away.jpg");
      remove("data/features");
      const captions = JSON.parse(Deno.readTextFileSync("own/captions.json"));
      delete captions["3.jpg"];
      Deno.writeTextFileSync("captions.json", JSON.stringify(captions));
    },
    command: ["features", "--config=own.json"],
    says: /3\.jpg/,
    ways: {
      "put it back": again(() => Deno.renameSync("away.jpg", "own/3.jpg")),
      "prepare": again(async () => await Deno.rename("captions.json", "own/captions.json")),
    },
  },
};
