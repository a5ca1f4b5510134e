import { join } from "node:path";
import {
  DATASET_FORMAT,
  type DatasetSummary,
  describeRejections,
  type OpenDataset,
  openDataset,
  type PreparedDataset,
  readDatasetSummary,
  writeDataset,
} from "../datasets/mod.ts";
import { explainWriteError, isUpToDate, lockFolder, recordStage } from "../storage/mod.ts";
import { counted } from "../text/mod.ts";
import { datasetFolder, type Experiment, type Located, writtenConfig } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import { PreparedData } from "./prepared_data.ts";

const STAGE = "prepare";

/**
 * Stage 1: a data set's own files → `captions.parquet`, `rejected.parquet`.
 *
 * @throws {Error} if there are no captions, or too many were rejected
 */
export async function prepareData(experiment: Experiment): Promise<PreparedData> {
  try {
    return await prepare(experiment);
  } finally {
    freeMemory();
  }
}

async function prepare(experiment: Experiment): Promise<PreparedData> {
  const { config: { dataset }, say, signal, onProgress } = experiment;
  const folder = datasetFolder(experiment);
  const opened = await openDataset(dataset, { folder, say, signal, onProgress });
  const inputs = await prepareInputs(experiment, opened);
  if (await isUpToDate(folder, STAGE, inputs)) {
    const summary = await readDatasetSummary(folder);
    say(`The data set is prepared: ${count(summary)}, in ${folder}`);
    return new PreparedData(folder, summary);
  }
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, join(folder, "captions.parquet"), folder);
  });
  using _lock = await lockFolder(folder, { say });
  const prepared = await opened.prepare();
  const data = await savePreparedData(folder, prepared, inputs);
  if (data.summary.rejected > 0) say(describeRejections(prepared.rejected));
  say(`Data prepared: ${count(data.summary)}, in ${folder}`);
  return data;
}

/** All that decides what is prepared: format, the settings as written, and the files read. */
export async function prepareInputs(experiment: Located, opened: OpenDataset): Promise<unknown> {
  const decisive: Record<string, unknown> = { ...writtenConfig(experiment).dataset };
  delete decisive.bucket; // how photos are fetched; what came of it is in the fingerprint
  return { format: DATASET_FORMAT, dataset: decisive, files: await opened.fingerprint() };
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
): Promise<PreparedData> {
  const summary = await writeDataset(folder, prepared);
  const tables = ["captions", "rejected", ...summary.tables].map((name) => `${name}.parquet`);
  await recordStage(folder, STAGE, inputs, [...tables, "dataset.json"]);
  return new PreparedData(folder, summary);
}

function count({ captions, photos, rejected }: DatasetSummary): string {
  return `${counted(captions, "caption")} of ${counted(photos, "photo")}, ` +
    `${counted(rejected, "row")} rejected`;
}
