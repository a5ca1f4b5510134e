import type { Config } from "../config/mod.ts";
import { deleteFolder, exists, folderSize, isLocked, subfolders } from "../storage/mod.ts";
import { nearName } from "../text/mod.ts";
import { lockRun } from "./begin_run.ts";
import type { Evaluation } from "./evaluation.ts";
import { Run, runsFolder } from "./run.ts";
import { runFiles } from "./run_files.ts";
import { notTrained, type TrainingSummary } from "./run_record.ts";

/** A run in the list of all runs. */
export interface ListedRun {
  /** Its name, which is its folder's. */
  name: string;
  /** Where it lies. */
  folder: string;
  /** What made it; absent where that cannot be read. */
  config?: Config;
  /** Why its config cannot be read. */
  problem?: string;
  /** How its training went; absent before the end of it. */
  training?: TrainingSummary;
  /** Epochs of a training that has not ended. */
  epochsDone: number;
  /** Whether a process is working on it. */
  isInUse: boolean;
  /** Scores of its weights by `<data set>-<split>`, those on its own data set first. */
  evaluations: Record<string, Evaluation>;
  /** What else of it is damaged or unfinished, and what to do about it, a sentence each. */
  warnings: string[];
  /** When it was trained, or begun where it is not. */
  date: Date;
  /** Of all its files. */
  bytes: number;
}

/** All runs under a data folder, by name. */
export async function listRuns(data: string): Promise<ListedRun[]> {
  const folders = await subfolders(runsFolder(data));
  return await Promise.all(folders.map(({ folder }) => describeRun(new Run(folder))));
}

/** The runs under a data folder that can caption, by name. */
export async function trainedRuns(data: string): Promise<Run[]> {
  const runs = (await subfolders(runsFolder(data))).map(({ folder }) => new Run(folder));
  const complete = await Promise.all(runs.map((run) => run.isComplete()));
  return runs.filter((_, i) => complete[i]);
}

/**
 * One run by its name.
 *
 * @throws {Error} if there is none of this name
 */
export async function findRun(data: string, name: string): Promise<ListedRun> {
  // Looked up in the list, so that no name leads out of the folder.
  const found = (await subfolders(runsFolder(data))).find((run) => run.name === name);
  if (found !== undefined) return await describeRun(new Run(found.folder));
  throw await noRunNamed(data, name);
}

/**
 * A run by its name under a data folder, or by its folder anywhere.
 *
 * @throws {Error} if there is neither
 */
export async function locateRun(data: string, given: string): Promise<Run> {
  const folder = new Run(given);
  if (/[\\/]/.test(given) || await exists(folder.paths.config)) return folder;
  const runs = await subfolders(runsFolder(data));
  if (runs.some(({ name }) => name === given)) return Run.named(given, data);
  if (await exists(given)) return folder; // whose reader says what is missing in it
  throw await noRunNamed(data, given);
}

async function noRunNamed(data: string, name: string): Promise<Error> {
  const names = (await subfolders(runsFolder(data))).map((run) => run.name);
  const near = nearName(name, names);
  return new Error(
    `There is no run "${name}" in ${runsFolder(data)}; ` +
      (near === undefined ? "" : `did you mean ${near}? `) +
      (names.length === 0
        ? "`deno task train` creates the first one"
        : "`deno task runs` lists them"),
  );
}

/**
 * Deletes a run.
 *
 * @throws {Error} if another process is working on it
 */
export async function deleteRun({ folder }: Pick<ListedRun, "folder">): Promise<void> {
  using _lock = await lockRun({ folder });
  await deleteFolder(folder);
}

async function describeRun(run: Run): Promise<ListedRun> {
  const { name, folder, paths } = run;
  const described: ListedRun = {
    name,
    folder,
    epochsDone: 0,
    isInUse: await isLocked(folder),
    evaluations: {},
    warnings: [],
    date: new Date(0),
    bytes: 0,
  };
  try {
    described.config = await run.readConfig();
  } catch (error) {
    described.problem = (error as Error).message;
  }
  if (await run.isComplete()) {
    try {
      described.training = await run.readTraining();
      const { evaluations, problems } = await run.readEvaluations(described.config?.dataset.kind);
      described.evaluations = evaluations;
      described.warnings.push(...problems);
    } catch (error) {
      described.warnings.push((error as Error).message);
    }
  } else {
    described.epochsDone = (await run.readHistory().catch(() => [])).length;
    const isLeft = described.config !== undefined && !described.isInUse;
    if (isLeft) described.warnings.push(notTrained(paths, runFiles.training).message);
  }
  described.bytes = await folderSize(folder);
  for (const path of [folder, paths.config, paths.training]) {
    const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
    if (mtime !== null) described.date = mtime;
  }
  return described;
}
