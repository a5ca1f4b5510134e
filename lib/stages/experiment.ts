import { join } from "node:path";
import { type Config, resolvePaths } from "../config/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { Run } from "../run/mod.ts";
import { digestJson, FolderUses } from "../storage/mod.ts";

/** What the stages work on, and how they report. */
export interface Experiment extends Listener {
  /** The config; its relative paths start from the working folder. */
  config: Config;
  /**
   * Where `config` had relative paths from another folder: the config as written, which names
   * folders and is kept with the run, and that folder. Absent: `config` is as written.
   */
  written?: { config: Config; root: string };
  /** Where everything is written. */
  data: string;
  /**
   * Folders that the stages read and nobody may delete before the task ends. @default {those of each
   * stage, until it ends}
   */
  uses?: FolderUses;
  /** Starts the engine when it is first needed. */
  engine: () => Promise<Engine>;
  /** Reports to the user, one line at a time. */
  say: Required<Listener>["say"];
}

/** What says where an experiment's folders are. */
export type Located = Pick<Experiment, "config" | "written" | "data">;

/** The config as it was written. */
export function writtenConfig({ config, written }: Pick<Located, "config" | "written">): Config {
  return written?.config ?? config;
}

/** Another config as written, such as a run's, with its paths as seen from the working folder. */
export function reachable({ written }: Pick<Located, "written">, config: Config): Config {
  return written === undefined ? config : resolvePaths(config, written.root);
}

/** The folder of the config's data set; settings that change nothing in it do not name it. */
export function datasetFolder(experiment: Located): string {
  const { dataset } = writtenConfig(experiment);
  const { maxRejected: _, ...decisive }: Record<string, unknown> = dataset;
  delete decisive.bucket; // how photos are fetched
  const digest = digestJson(decisive).slice(0, 12);
  return join(experiment.data, "datasets", `${dataset.kind}-${digest}`);
}

/** The folder of the features of an encoder. */
export function featuresFolder({ data }: Pick<Experiment, "data">, encoderKey: string): string {
  return join(data, "features", encoderKey);
}

/** The config's run, whether it is there or not. */
export function runOf({ config, data }: Pick<Experiment, "config" | "data">): Run {
  return Run.named(config.name, data);
}

/** How {@linkcode openRun} opens a run. */
export interface OpenRunOptions {
  /** Deletes the run that is there, whatever config made it. @default {false} */
  overwrite?: boolean;
  /** The run's lock, if the caller has it. @default {one of its own, until the run is open} */
  lock?: Disposable;
}

/**
 * The config's run, begun, or checked to be of this config.
 *
 * @throws {Error} naming the keys that differ, or the process that works on the run
 */
export async function openRun(
  experiment: Located & Pick<Experiment, "say">,
  { overwrite, lock }: OpenRunOptions = {},
): Promise<Run> {
  const { say } = experiment;
  const run = runOf(experiment);
  using _lock = lock === undefined ? await run.lock({ say }) : undefined;
  await run.begin(writtenConfig(experiment), { overwrite, say });
  return run;
}

/** Work on an experiment whose folders stay in use until the work ends, or longer if it says so. */
export async function whileInUse<T>(
  experiment: Experiment,
  work: (experiment: Experiment & { uses: FolderUses }) => Promise<T>,
): Promise<T> {
  if (experiment.uses !== undefined) return await work({ ...experiment, uses: experiment.uses });
  using uses = new FolderUses();
  return await work({ ...experiment, uses });
}
