import { digestJson, lockFolder } from "../../lib/storage/mod.ts";
import type { Advice } from "./advice.ts";
import { again, type Command, itsCommand, plus } from "./follow.ts";

const RUN = "data/runs/tiny";
const TRAIN: Command = ["train", "--config=tiny.json"];
const inside = (folder: string) =>
  `${folder}/${[...Deno.readDirSync(folder)].find(({ name }) => !name.startsWith("."))!.name}`;

/** Makes a record that of an earlier version. */
function age(path: string): void {
  const { sha256: _, ...record } = JSON.parse(Deno.readTextFileSync(path));
  record.format = 1;
  const sha256 = digestJson(record);
  Deno.writeTextFileSync(path, JSON.stringify({ ...record, sha256 }));
}

let lock: Disposable | undefined;

/** Advice on what earlier versions wrote, on locks, and of doctor. */
export const STATE_ADVICE: Record<string, Advice> = {
  "features of an earlier version": {
    base: "trained",
    given: () => age(`${inside("data/features")}/manifest.json`),
    command: ["features", "--config=tiny.json"],
    says: /has format 1, .*: delete the folder \S+, and its features are computed again/,
    ways: {
      "delete it": again((said) =>
        Deno.removeSync(/delete the folder (\S+),/.exec(said)![1], { recursive: true })
      ),
    },
  },
  "a run's config of an earlier version": {
    base: "trained",
    given: () => age(`${RUN}/config.json`),
    command: ["evaluate", "--run=tiny"],
    says: /has format 1, .*: train or import the run again, with --overwrite/,
    ways: {
      "train again": (_, command) => [[...TRAIN, "--overwrite"] as Command, command],
    },
  },
  "a run's record of an earlier version": {
    base: "trained",
    given: () => age(`${RUN}/training.json`),
    command: ["evaluate", "--run=tiny"],
    says: /training\.json has format 1, .* --overwrite` trains the run again/,
    ways: { "its command": itsCommand({ then: true }) },
  },
  "a run in use": {
    base: "trained",
    given: async () => {
      lock = await lockFolder(RUN);
    },
    command: TRAIN,
    says: /data\/runs\/tiny is in use by .*: wait until it ends, or stop it/,
    ways: {
      "wait until it ends": again(() => lock![Symbol.dispose]()),
    },
  },
  "a data set that doctor misses": {
    command: ["doctor", "--config=own.json", "--dataset.source=away"],
    says: /put the data set there, or name its place by --dataset\.source=PATH/,
    ways: {
      "put it there": again(() => Deno.renameSync("own", "away")),
      "name its place": plus("--dataset.source=own"),
    },
  },
  "weights that doctor misses": {
    command: ["doctor", "--config=own.json", "--encoder.weights=no.h5"],
    says: /put the file there, or name another by --encoder\.weights=FILE/,
    ways: {
      "name another": plus("--encoder.weights=own/captions.json"),
    },
  },
};
