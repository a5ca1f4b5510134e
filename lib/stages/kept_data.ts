import { readDatasetSummary } from "../datasets/mod.ts";
import { type FeatureReader, openFeatures } from "../features/mod.ts";
import { encoderKeyOf, type Run } from "../run/mod.ts";
import { datasetFolder, featuresFolder } from "./experiment.ts";
import { PreparedData } from "./prepared_data.ts";

/**
 * The data set that a run was trained on, where it is still prepared under a data folder; undefined
 * otherwise, and for imported runs. Nothing is downloaded or prepared for it.
 */
export async function keptData(run: Run, data: string): Promise<PreparedData | undefined> {
  if ((await run.readTraining()).epochs === 0) return undefined; // imported: its config names no data
  const folder = datasetFolder({ config: await run.readConfig(), data });
  const summary = await readDatasetSummary(folder).catch(() => undefined);
  return summary && new PreparedData(folder, summary);
}

/**
 * The features that a run was trained on, where they are still cached under a data folder; undefined
 * otherwise, and where another than the run's encoder made them. Nothing is encoded for it.
 */
export async function keptFeatures(run: Run, data: string): Promise<FeatureReader | undefined> {
  const key = encoderKeyOf(await run.readTraining());
  if (key === null) return undefined;
  return await openFeatures(featuresFolder({ data }, key)).catch(() => undefined);
}
