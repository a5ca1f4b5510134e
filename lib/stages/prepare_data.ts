import { join } from "node:path";
import {
  type DatasetSettings,
  type DatasetSummary,
  describeRejections,
  type OpenDataset,
  openDataset,
  type PreparedDataset,
  readDataset,
  writeDataset,
} from "../datasets/mod.ts";
import { explainWriteError, isUpToDate, lockFolder, recordStage } from "../storage/mod.ts";
import { datasetFolder, type Experiment } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";

const STAGE = "prepare";

/** What stage 1 made. */
export interface PreparedData {
  /** Where its tables lie. */
  folder: string;
  /** What is in them. */
  summary: DatasetSummary;
}

/** What was prepared or found whole since the program began, by the settings' identity. */
const known = new WeakMap<object, Promise<PreparedData>>();

/**
 * Stage 1: a data set's own files → `captions.parquet`, `rejected.parquet`.
 *
 * Checked once for the same settings object, since checking reads all photos.
 *
 * @throws {Error} if there is nothing to be had, or too much was rejected
 */
export function prepareData(experiment: Experiment): Promise<PreparedData> {
  const { dataset } = experiment.config;
  let prepared = known.get(dataset);
  if (prepared === undefined) {
    known.set(dataset, prepared = prepare(experiment).finally(freeMemory));
  }
  return prepared;
}

async function prepare(experiment: Experiment): Promise<PreparedData> {
  const { config: { dataset }, say, signal, onProgress } = experiment;
  const folder = datasetFolder(experiment);
  const opened = await openDataset(dataset, { folder, say, signal, onProgress });
  const inputs = await prepareInputs(dataset, opened);
  if (await isUpToDate(folder, STAGE, inputs)) {
    const { summary } = await readDataset(folder);
    say(`Data are prepared: ${count(summary)}, in ${folder}`);
    return { folder, summary };
  }
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, join(folder, "captions.parquet"), folder);
  });
  using _lock = await lockFolder(folder, { say });
  const prepared = await opened.prepare();
  const summary = await savePreparedData(folder, prepared, inputs);
  if (summary.rejected > 0) say(describeRejections(prepared.rejected));
  say(`Data prepared: ${count(summary)}, in ${folder}`);
  return { folder, summary };
}

/** All that preparing reads. */
export async function prepareInputs(
  dataset: DatasetSettings,
  opened: OpenDataset,
): Promise<unknown> {
  const decisive: Record<string, unknown> = { ...dataset };
  delete decisive.bucket; // how photos are fetched; what came of it is in the fingerprint
  return { dataset: decisive, files: await opened.fingerprint() };
}

/**
 * Writes a prepared data set, and that stage 1 is done; the folder is locked by the caller.
 *
 * @param inputs from {@linkcode prepareInputs}
 */
export async function savePreparedData(
  folder: string,
  prepared: PreparedDataset,
  inputs: unknown,
): Promise<DatasetSummary> {
  const summary = await writeDataset(folder, prepared);
  await recordStage(folder, STAGE, inputs, preparedFiles(summary));
  return summary;
}

/** The files of a prepared data set. */
export function preparedFiles(summary: DatasetSummary): string[] {
  return ["captions", "rejected", ...summary.tables].map((name) => `${name}.parquet`)
    .concat("dataset.json");
}

function count({ captions, photos, rejected }: DatasetSummary): string {
  return `${captions} captions of ${photos} photos, ${rejected} rows rejected`;
}
