import { isCutOffJpeg, shrinkPhoto, UnreadablePhotoError } from "../../images/mod.ts";
import {
  type AllowedHosts,
  AttemptError,
  fetchBytes,
  type FetchedBytes,
  retryAttempts,
} from "../../storage/mod.ts";
import type { BucketSettings, ResizeSettings } from "./settings.ts";

/** A photo as it will be stored. */
export interface FetchedPhoto {
  bytes: Uint8Array;
  /** Bytes received over the network. */
  received: number;
}

/**
 * Fetches a photo from the first partition that has it, complete and checked, and shrinks it.
 *
 * @returns undefined if no partition has it
 * @throws {AttemptError} of the last attempt
 * @throws {RefusedAddressError} if the bucket, or where it redirects to, may not be reached
 */
export async function fetchPhoto(
  id: string,
  bucket: BucketSettings,
  resize: ResizeSettings,
  signal: AbortSignal,
  hosts: AllowedHosts,
): Promise<FetchedPhoto | undefined> {
  const { retries, retryDelay, stallTimeout, etagIsMd5 } = bucket;
  const options = { stallTimeout: stallTimeout * 1000, etagIsMd5, signal, hosts };
  for (const partition of bucket.partitions) {
    const url = `${bucket.endpoint.replace(/\/+$/, "")}/${partition}/${id}.jpg`;
    const attempt = async () => {
      const fetched = await fetchBytes(url, options);
      return fetched && await toKeep(fetched, resize);
    };
    const photo = await retryAttempts(attempt, { retries, minDelay: retryDelay * 1000, signal });
    if (photo !== undefined) return photo;
  }
  return undefined;
}

async function toKeep(
  { bytes, proven }: FetchedBytes,
  resize: ResizeSettings,
): Promise<FetchedPhoto> {
  // A retry cannot change bytes that a checksum has proven.
  const refuse = (reason: string) => new AttemptError(reason, proven ? Infinity : 0);
  if (bytes.length === 0) throw refuse("the photo is empty");
  if (resize === false) {
    // A body without length and checksum may have ended early.
    if (!proven && isCutOffJpeg(bytes)) throw refuse("the photo is cut off");
    return { bytes, received: bytes.length };
  }
  try {
    return { bytes: await shrinkPhoto(bytes, resize), received: bytes.length };
  } catch (error) {
    if (error instanceof UnreadablePhotoError) throw refuse(`not a photo: ${error.reason}`);
    throw error;
  }
}
