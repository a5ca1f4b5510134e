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
import {
  alteredOutput,
  exists,
  type FolderUses,
  isUpToDate,
  lockFolder,
  recordStage,
} from "../storage/mod.ts";
import { counted } from "../text/mod.ts";
import {
  datasetFolder,
  type Experiment,
  type Located,
  whileInUse,
  writtenConfig,
} from "./experiment.ts";
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
    return await whileInUse(experiment, prepare);
  } finally {
    freeMemory();
  }
}

async function prepare(experiment: Experiment & { uses: FolderUses }): Promise<PreparedData> {
  const { config: { dataset }, say, signal, onProgress, uses } = experiment;
  const folder = datasetFolder(experiment);
  using _lock = await lockFolder(folder, { say, signal, patience: Infinity });
  const opened = await openDataset(dataset, { folder, say, signal, onProgress });
  const inputs = await prepareInputs(experiment, opened);
  if (await isUpToDate(folder, STAGE, inputs)) {
    await uses.use(folder);
    const summary = await readDatasetSummary(folder);
    const found = new PreparedData(folder, summary);
    if (await hasPhotos(found, opened, say)) {
      say(`The data set is prepared: ${count(summary)}, in ${folder}`);
      return found;
    }
  } else {
    await sayDamage(folder, say);
  }
  using alone = new DisposableStack();
  alone.use(await uses.alone(folder)); // who still reads an older one of this name is not disturbed
  const prepared = await opened.prepare();
  const data = await savePreparedData(folder, prepared, inputs);
  alone.dispose();
  await uses.use(folder);
  if (data.summary.rejected > 0) say(describeRejections(prepared.rejected));
  say(`Data prepared: ${count(data.summary)}, in ${folder}`);
  return data;
}

/** Whether photos that the data set drew itself are there; those that are not are drawn again. */
async function hasPhotos(
  prepared: PreparedData,
  { redraw }: OpenDataset,
  say: Experiment["say"],
): Promise<boolean> {
  if (redraw === undefined) return true;
  const { photoFolder } = prepared;
  const photos = (await prepared.captions()).map(({ photo, digest }) => [photo, digest] as const);
  const drawn = await redraw(new Map(photos));
  if (drawn === undefined) {
    say(`Photos in ${photoFolder} are gone or altered: the data set is prepared again`);
  } else if (drawn > 0) {
    say(`${counted(drawn, "photo")} in ${photoFolder}, gone or altered: drawn again`);
  }
  return drawn !== undefined;
}

/** Says which file of a data set that was prepared before is why it is prepared again. */
async function sayDamage(folder: string, say: Experiment["say"]): Promise<void> {
  const name = await alteredOutput(folder, STAGE);
  const kept = ["dataset.json", "captions.parquet", `${STAGE}.stage.json`];
  const found = await Promise.all(kept.map((file) => exists(join(folder, file))));
  if (name === undefined || !found.includes(true)) return; // never prepared to its end
  say(
    `${join(folder, name)} is gone, damaged or of another version: the data set is prepared again`,
  );
}

/** All that decides what is prepared: format, the settings as written, and the files read. */
async function prepareInputs(experiment: Located, opened: OpenDataset): Promise<unknown> {
  const decisive: Record<string, unknown> = { ...writtenConfig(experiment).dataset };
  delete decisive.bucket; // how photos are fetched; what came of it is in the fingerprint
  return { format: DATASET_FORMAT, dataset: decisive, files: await opened.fingerprint() };
}

/** Writes a prepared data set, and that stage 1 is done; the folder is locked by the caller. */
async function savePreparedData(
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
