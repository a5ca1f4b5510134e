import type { PreparedMetric } from "../metrics/mod.ts";
import { datasetSources } from "./registry.ts";
import type { DatasetSource } from "./dataset_source.ts";

/**
 * The metric that a data set has for its own photos, if it has one.
 *
 * @param kind of the data set
 * @param folder of the prepared data set
 * @param photos as captions.parquet names them, in the order in which captions will be scored
 */
export async function datasetMetric(
  kind: string,
  folder: string,
  photos: readonly string[],
): Promise<PreparedMetric | undefined> {
  const sources = datasetSources as unknown as readonly DatasetSource[];
  const source = sources.find(({ settings }) => settings.shape.kind.value === kind);
  return await source?.metric?.(folder, photos);
}
