export { folderSize, subfolders } from "./folders.ts";
export { isUpToDate, recordStage } from "./stage_record.ts";
export { canonicalJson, digestFile, digestJson, sha256 } from "./digests.ts";
export { openSafetensors, SafetensorsFile } from "./safetensors_file.ts";
export { explainWriteError } from "./write_error.ts";
export {
  removeLeftovers,
  writeFileWhole,
  writeFileWholeBy,
  writeFileWholeSync,
} from "./write_file_whole.ts";
export { AttemptError, retryAttempts, type RetryOptions } from "./attempt.ts";
export { download, type DownloadOptions } from "./download.ts";
export { fetchBytes, type FetchBytesOptions, type FetchedBytes } from "./fetch_bytes.ts";
export { lockFolder } from "./lock_folder.ts";
export { userCacheFolder } from "./user_cache_folder.ts";
export { type Hdf5Attribute, Hdf5File, openHdf5 } from "./hdf5.ts";
