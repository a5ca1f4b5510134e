import pLimit from "p-limit";
import { PhotoRefusedError } from "../found_dataset.ts";
import { AttemptError, lockFolder } from "../../storage/mod.ts";
import { eachOf } from "../each_of.ts";
import type { Listener } from "../../progress/mod.ts";
import { fetchPhoto } from "./fetch_photo.ts";
import { FetchGuard, StillFailingError } from "./fetch_guard.ts";
import {
  closePhotoFolder,
  examinePhoto,
  listPhotoFiles,
  openPhotoFolder,
  photoFile,
  statPhoto,
  writePhoto,
} from "./photo_files.ts";
import { type PhotoFate, PhotoRecord } from "./photo_record.ts";
import {
  bucketHosts,
  type BucketSettings,
  describeBucket,
  type ResizeSettings,
} from "./settings.ts";
import { TransferRate } from "./transfer_rate.ts";

/** How photos are fetched. */
export interface FetchPhotosSettings {
  bucket: BucketSettings;
  resize: ResizeSettings;
  /** How many may be missing in the end. */
  allowed: number;
}

/** State of the folder before anything is fetched. */
interface Seen {
  record: PhotoRecord;
  /** Photos whose file differs from the record, or is not in it. */
  unknown: string[];
  /** Photos to be fetched. */
  missing: string[];
}

/** Files that are examined at once. */
const AT_ONCE = 32;

/**
 * Fetches the photos that a folder lacks, and returns the SHA-256 of each, or why it is missing.
 *
 * A file's digest is taken from the record as long as its size and time match it (as in git), so that
 * a second run reads no photo. A photo changed without a trace in either is found when its features
 * are computed.
 *
 * @throws {Error} if the disk is full, the bucket cannot be reached, or more photos are missing than
 * allowed; fetched photos are kept
 */
export async function fetchPhotos(
  ids: readonly string[],
  folder: string,
  settings: FetchPhotosSettings,
  context: Listener,
): Promise<Map<string, string | Error>> {
  const look = async () => {
    const record = await PhotoRecord.read(folder);
    return { record, ...await examineFolder(ids, folder, record, settings.bucket, context) };
  };
  let seen = await look();
  if (seen.unknown.length + seen.missing.length > 0) {
    using _lock = await lockFolder(folder, context);
    seen = await look(); // another process may have changed it
    await fetchUnseen(ids.length, folder, seen, settings, context);
  }
  const { partitions } = settings.bucket;
  return new Map(ids.map((id) => [id, digestOf(seen.record.get(id), partitions)]));
}

/** Digests unknown photos and fetches missing ones; the folder is locked by the caller. */
async function fetchUnseen(
  all: number,
  folder: string,
  { record, unknown, missing }: Seen,
  settings: FetchPhotosSettings,
  context: Listener,
): Promise<void> {
  await openPhotoFolder(folder);
  await record.open();
  let failure: { error: unknown } | undefined;
  try {
    const broken = await learn(unknown, folder, record, context);
    const wanted = settings.bucket.fetch === "never" ? [] : [...missing, ...broken];
    await fetchMissing(wanted, all, folder, record, settings, context);
  } catch (error) {
    failure = { error };
  }
  try {
    await record.close();
    await closePhotoFolder(folder);
  } catch (error) {
    failure ??= { error }; // such as a full disk: the first error is enough
  }
  if (failure !== undefined) throw failure.error;
}

function digestOf(fate: PhotoFate | undefined, partitions: string[]): string | Error {
  if (fate === undefined) return new PhotoRefusedError("photo not fetched");
  if ("sha256" in fate) return fate.sha256;
  if ("failed" in fate) return new PhotoRefusedError("photo could not be fetched");
  return new PhotoRefusedError(`photo in none of ${partitions.join(", ")}`);
}

/** Finds the photos whose file is not as recorded, and those to be fetched, in order. */
async function examineFolder(
  ids: readonly string[],
  folder: string,
  record: PhotoRecord,
  bucket: BucketSettings,
  { signal }: Listener,
): Promise<Omit<Seen, "record">> {
  const unknown = new Set<string>();
  const missing = new Set<string>();
  const files = await listPhotoFiles(folder);
  await eachOf(ids, AT_ONCE, async (id) => {
    signal?.throwIfAborted();
    const fate = record.get(id);
    if (files.has(photoFile(id))) {
      const { size, modified } = await statPhoto(folder, id);
      const isKnown = fate !== undefined && "sha256" in fate && fate.size === size &&
        fate.modified === modified;
      if (!isKnown) unknown.add(id);
    } else if (isWanted(fate, bucket)) missing.add(id);
    else if (fate !== undefined && "sha256" in fate) record.forget(id);
  });
  const inOrder = (some: Set<string>) => ids.filter((id) => some.has(id));
  return { unknown: inOrder(unknown), missing: inOrder(missing) };
}

/** Whether to request a photo that is not here. */
function isWanted(fate: PhotoFate | undefined, bucket: BucketSettings): boolean {
  const { fetch } = bucket;
  if (fetch === "never") return false;
  if (fate === undefined || "sha256" in fate) return true;
  if ("failed" in fate) return fetch !== "new";
  return fetch === "all" || fate.nowhere !== describeBucket(bucket);
}

/** Records the digests of photos that are here; returns those that are damaged. */
async function learn(
  ids: readonly string[],
  folder: string,
  record: PhotoRecord,
  { signal, onProgress }: Listener,
): Promise<string[]> {
  const broken: string[] = [];
  let done = 0;
  await eachOf(ids, AT_ONCE, async (id) => {
    signal?.throwIfAborted();
    const here = await examinePhoto(folder, id);
    if (here !== undefined) await record.set(id, here);
    else {
      record.forget(id);
      broken.push(id);
    }
    onProgress?.("Photos", ++done, ids.length);
  });
  return broken;
}

async function fetchMissing(
  ids: readonly string[],
  all: number,
  folder: string,
  record: PhotoRecord,
  { bucket, resize, allowed }: FetchPhotosSettings,
  { signal, say, onProgress }: Listener,
): Promise<void> {
  if (ids.length === 0) return;
  say?.(`Fetching ${ids.length.toLocaleString("en")} photos from ${bucket.endpoint} to ${folder}`);
  const hasFailed = (id: string) => "failed" in (record.get(id) ?? {});
  const fresh = ids.filter((id) => !hasFailed(id));
  const guard = new FetchGuard(bucket, allowed);
  const rate = new TransferRate();
  const requests = pLimit(bucket.concurrency);
  const hosts = bucketHosts(bucket);
  const ended = new AbortController(); // one failure ends the others
  const abort = () => ended.abort(signal!.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", abort, { once: true });
  let done = all - ids.length;
  const fetchOne = async (id: string): Promise<{ fate: PhotoFate; silent: boolean }> => {
    try {
      const photo = await requests(() => {
        ended.signal.throwIfAborted();
        return fetchPhoto(id, bucket, resize, ended.signal, hosts);
      });
      // In a burst of answers, the next requests are sent before any file is written.
      await new Promise((resolve) => setTimeout(resolve));
      rate.add(photo?.received ?? 0);
      const fate = photo === undefined
        ? { nowhere: describeBucket(bucket) }
        : await writePhoto(folder, id, photo.bytes);
      return { fate, silent: false };
    } catch (error) {
      if (!(error instanceof AttemptError)) throw error;
      return { fate: { failed: error.message }, silent: error.wait < Infinity };
    }
  };
  const fetchAll = (some: readonly string[], isLast: boolean) =>
    // Twice as many, so that the next photos are requested while these are written.
    eachOf(some, bucket.concurrency * 2, async (id) => {
      const { fate, silent } = await fetchOne(id);
      await record.set(id, fate);
      guard.check(id, fate, silent);
      if (isLast || !("failed" in fate)) done++;
      onProgress?.("Photos", done, all, rate.describe());
    }, (error) => ended.abort(error));
  try {
    await fetchAll(fresh, false);
    guard.startAgain(); // the bucket may have recovered
    await fetchAll(ids.filter(hasFailed), true);
  } catch (error) {
    if (!(error instanceof StillFailingError)) throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  for (const line of guard.summary()) say?.(line);
}
