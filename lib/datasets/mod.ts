/**
 * Data sets of captioned photos: sources read their own files into one table of captions with splits,
 * which is stored as a folder. `registry.ts` lists the sources.
 *
 * @module
 */
export {
  type Dataset,
  DATASET_FORMAT,
  type DatasetSummary,
  photoFolderOf,
  readDataset,
  readDatasetSummary,
  readDatasetTable,
  writeDataset,
} from "./dataset_folder.ts";
export { datasetMetric } from "./dataset_metric.ts";
export { matchPhotos } from "./match_photos.ts";
export { openDataset } from "./open_dataset.ts";
export { describeRejections } from "./rejections.ts";
export { type DatasetSettings, datasetSettings } from "./settings.ts";
export * from "./shapes/mod.ts";
export type {
  CaptionRow,
  OpenDataset,
  PrepareContext,
  PreparedDataset,
  RejectedRow,
  Split,
  TableRow,
} from "./dataset_source.ts";
export { captionLengths, captionsByPhoto, countSplits, type SplitCount } from "./statistics.ts";
