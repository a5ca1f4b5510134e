import { join } from "node:path";
import { type Config, differences, parseConfig } from "../config/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { digestJson, explainWriteError, lockFolder, writeFileWhole } from "../storage/mod.ts";
import { SEEN_ELSEWHERE } from "./seen_photos.ts";
import type { Listener } from "../listener/mod.ts";

/** What the stages work on, and how they tell of it. */
export interface Experiment extends Listener {
  /** The config, resolved. */
  config: Config;
  /** Where everything is written. Default `data`. */
  data: string;
  /** Starts the engine when it is first needed. */
  engine: () => Promise<Engine>;
  /** Told what the user should know, one line at a time. */
  say: Required<Listener>["say"];
}

/** The file that holds a run's config as resolved. */
export const RUN_CONFIG = "config.json";

/** Version of a run folder's layout. */
const RUN_FORMAT = 1;

/** The folder of the config's data set; settings that change nothing in it do not name it. */
export function datasetFolder({ config, data }: Pick<Experiment, "config" | "data">): string {
  const { maxRejected: _, ...decisive }: Record<string, unknown> = config.dataset;
  delete decisive.bucket; // how photos are fetched
  return join(data, "datasets", `${config.dataset.kind}-${digestJson(decisive).slice(0, 12)}`);
}

/** The folder of the features of an encoder. */
export function featuresFolder({ data }: Pick<Experiment, "data">, encoderKey: string): string {
  return join(data, "features", encoderKey);
}

/** The folder of the config's run. */
export function runFolder({ config, data }: Pick<Experiment, "config" | "data">): string {
  return join(data, "runs", config.name);
}

/** Keys that change nothing in what training learns, and may differ when a run goes on. */
const MAY_CHANGE =
  /^(description|decoding\.|evaluation\.|dataset\.maxRejected$|dataset\.bucket\.|encoder\.shardSize$)/;

/**
 * Checks that the config's run is not there yet, or was made by this config.
 *
 * @throws {Error} naming the keys that differ
 */
export async function checkRun(experiment: Experiment): Promise<void> {
  const folder = runFolder(experiment);
  const before = await readRunConfigIfAny(folder);
  if (before === undefined) return;
  if (before.training.from === undefined && await exists(join(folder, SEEN_ELSEWHERE))) {
    throw new Error(
      `${folder} was imported, and training would put other weights in the place of its own: give ` +
        `this run another --name, and --from ${folder} to start from its weights`,
    );
  }
  const changed = differences(before, experiment.config).filter(({ key, before, after }) =>
    !MAY_CHANGE.test(key) && !(key === "training.epochs" && Number(after) >= Number(before))
  );
  if (changed.length === 0) return;
  const list = changed.slice(0, 5).map(({ key, before, after }) =>
    `${key} (${JSON.stringify(before)}, now ${JSON.stringify(after)})`
  );
  throw new Error(
    `${folder} was made by another config; these keys differ: ${list.join(", ")}` +
      `${changed.length > 5 ? ` and ${changed.length - 5} more` : ""}. ` +
      `Give this run another --name, or --overwrite the old one`,
  );
}

/**
 * Makes the run's folder with its config, or checks that it was made by this config.
 *
 * @param overwrite deletes the run that is there, by whatever config it was made
 * @throws {Error} naming the keys that differ, or the process that works on the run
 */
export async function openRun(experiment: Experiment, overwrite = false): Promise<string> {
  const folder = runFolder(experiment);
  const { config, say } = experiment;
  if (!overwrite) await checkRun(experiment);
  else if (await exists(folder)) {
    using _lock = await lockFolder(folder, { say });
    say(`Deleting the old run in ${folder}`);
    await Deno.remove(folder, { recursive: true });
  }
  const path = join(folder, RUN_CONFIG);
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, path, folder);
  });
  await writeFileWhole(path, JSON.stringify({ format: RUN_FORMAT, ...config }, null, 2) + "\n");
  return folder;
}

/**
 * The config that a run was made by.
 *
 * @throws {Error} if the folder holds no run of this version
 */
export async function readRunConfig(folder: string): Promise<Config> {
  const config = await readRunConfigIfAny(folder);
  if (config === undefined) {
    throw new Error(`${folder} holds no run: there is no ${RUN_CONFIG} in it`);
  }
  return config;
}

async function readRunConfigIfAny(folder: string): Promise<Config | undefined> {
  const path = join(folder, RUN_CONFIG);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
  let stored: Record<string, unknown>;
  try {
    stored = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is damaged (${(error as Error).message}): --overwrite the run`);
  }
  const { format, ...config } = stored;
  if (format !== RUN_FORMAT) {
    throw new Error(
      `${path} has format ${format}, but this version reads ${RUN_FORMAT}: train the run again`,
    );
  }
  return parseConfig(config, path);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
