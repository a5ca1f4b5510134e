/**
 * Reading and writing files: complete or not at all, checked by digest, locked by one process,
 * downloaded resumably, unpacked from ZIP archives.
 *
 * @module
 */
export { AllowedHosts, type AllowedHostsOptions } from "./allowed_hosts.ts";
export { isPublicAddress } from "./public_address.ts";
export { checkContent, readHead } from "./check_content.ts";
export { CONTENT_HEAD, type FileContent, recogniseContent } from "./file_content.ts";
export { folderSize, subfolders } from "./folders.ts";
export { DamagedFileError, MISSING } from "./damaged_file_error.ts";
export { OtherVersionError } from "./other_version_error.ts";
export { readRecord, type RecordFile, whyUnreadable, writeRecord } from "./record_file.ts";
export { alteredOutput, isUpToDate, recordStage } from "./stage_record.ts";
export { digestFile, digestFileSync, digestJson, sha256, sha256OffThread } from "./digests.ts";
export { openSafetensors, SafetensorsFile } from "./safetensors_file.ts";
export { explainWriteError, isForbidden } from "./write_error.ts";
export { removeLeftovers, writeFileWhole } from "./write_file_whole.ts";
export { removeFile } from "./remove_file.ts";
export { AttemptError, retryAttempts, type RetryOptions } from "./retry.ts";
export { download, type DownloadOptions } from "./download.ts";
export {
  InputFileError,
  LARGEST_TEXT,
  openInput,
  openInputSync,
  readInput,
  readInputText,
} from "./input_file.ts";
export { exists, isFile, isFolder, isThere } from "./exists.ts";
export { fetchBytes, type FetchBytesOptions, type FetchedBytes } from "./fetch_bytes.ts";
export { isNotFound, unlessNotFound } from "./not_found.ts";
export { FolderUses, lockUnused, usesUntilExit } from "./folder_uses.ts";
export { type KeptResult, keptResult } from "./kept_result.ts";
export { isLocked, lockFolder, type LockOptions } from "./lock_folder.ts";
export { openLocked } from "./locked_file.ts";
export { tidyBeside, tidyFolder, type TidyOptions } from "./tidy_folder.ts";
export {
  deleteFolder,
  restoreFolder,
  type WriteFolderOptions,
  writeFolderWhole,
} from "./whole_folder.ts";
export { realPath } from "./real_path.ts";
export { readTextIfAny } from "./read_text_if_any.ts";
export { showBytes } from "./show_bytes.ts";
export { listZip, unpackZip, type UnpackZipOptions, type ZipEntry } from "./unpack_zip.ts";
export { makeHdf5, openHdf5Bytes } from "./hdf5_memory.ts";
export { openZip, ZipArchive, type ZipMember } from "./zip.ts";
export { userCacheFolder } from "./user_cache_folder.ts";
export { type Hdf5Attribute, Hdf5File, openHdf5 } from "./hdf5.ts";
