import { decodePhoto, type ImageSettings, UnreadablePhotoError } from "../images/mod.ts";
import { isNotFound } from "../storage/mod.ts";
import type { RejectRecord } from "./shard_record.ts";

/** A photo to be encoded: where it is, and SHA-256 of its bytes in hexadecimal digits. */
export interface PhotoSource {
  /** SHA-256 of the file. */
  digest: string;
  /** Where the file is. */
  path: string;
}

/** A request of `PhotoDecoder` to its thread. */
export interface DecodeOrder {
  /** Returned with the answer. */
  id: number;
  /** The photo to read. */
  photo: PhotoSource;
  /** How it is scaled to the encoder's size. */
  settings: ImageSettings & { imageSize: number };
}

/** The thread's answer: a result, or an error's message. */
export interface DecodeAnswer {
  /** Of the order. */
  id: number;
  /** Pixels, or why there are none. */
  result?: Uint8Array | RejectRecord;
  /** Why the run has to end. */
  error?: string;
}

/**
 * The pixels of a photo, or why it has none.
 *
 * @throws {Error} if the file is gone, or its digest has changed
 */
export async function readPhoto(
  { digest, path }: PhotoSource,
  settings: ImageSettings & { imageSize: number },
): Promise<Uint8Array | RejectRecord> {
  const bytes = await readBytes(path);
  // Otherwise the feature of a changed photo would be stored under the old digest forever.
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  if (found !== digest) {
    throw new Error(`Photo ${path} was changed since the data was prepared: prepare it again`);
  }
  try {
    return await decodePhoto(bytes, settings);
  } catch (error) {
    if (!(error instanceof UnreadablePhotoError)) throw error;
    const { reason, pixels } = error;
    return { digest, photo: path, reason, ...pixels === undefined ? {} : { pixels } };
  }
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Error(`Photo ${path} is not there: put it back, or prepare the data again`, {
      cause: error,
    });
  }
}
