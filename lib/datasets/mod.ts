/**
 * Data sets of captioned photos: sources read their own files into one table of captions with splits,
 * which is stored as a folder. `registry.ts` lists the sources.
 *
 * @module
 */
export {
  type CaptionFile,
  readCaptionsFile,
  readDocumentsFile,
} from "./captions_file/read_captions_file.ts";
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
export { findPhotos } from "./find_photos.ts";
export { datasetMetric } from "./dataset_metric.ts";
export { describeMatches } from "./photo_names/describe_matches.ts";
export { matchPhotos } from "./photo_names/match_photos.ts";
export type { FoundPhoto, PhotoMatch } from "./photo_names/photo_match.ts";
export type { Likeness, NamedPhotos } from "./photo_names/photo_tree.ts";
export { matchDistance } from "./photo_names/shared_photos.ts";
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
