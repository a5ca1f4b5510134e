import { decodePhoto, type ImageSettings, UnreadablePhotoError } from "../images/mod.ts";
import { flipPixels, unflipped } from "./flipped_photo.ts";
import { readAnyPhoto, readKnownPhoto } from "./photo_bytes.ts";

/** A photo to be read. */
export interface PhotoFile {
  /** Where it is: a path, or a web address. */
  path: string;
  /** SHA-256 of its bytes in hexadecimal digits, where it must be a certain one. */
  digest?: string;
}

/** A photo of a data set: where it is, and SHA-256 of its bytes in hexadecimal digits. */
export interface PhotoSource extends PhotoFile {
  /** SHA-256 of the file; `flippedPhoto` marks it where the mirror image is meant. */
  digest: string;
}

/** Why a photo has no pixels. */
export interface UnusablePhoto {
  /** What is wrong with it, without its name. */
  reason: string;
  /** How many pixels it has, if above the limit. */
  pixels?: number;
}

/** A request of `PhotoDecoder` to its thread. */
export interface DecodeOrder {
  /** Returned with the answer. */
  id: number;
  /** The photo to read. */
  photo: PhotoFile;
  /** How it is scaled to the encoder's size. */
  settings: ImageSettings & { imageSize: number };
}

/** The thread's answer: a result, or an error's message. */
export interface DecodeAnswer {
  /** Of the order. */
  id: number;
  /** Pixels, or why there are none. */
  result?: Uint8Array | UnusablePhoto;
  /** Why the run has to end. */
  error?: string;
}

/**
 * The pixels of a photo, or why it has none. A photo without a digest is unusable where it cannot
 * be read; one of a data set has been read before, and must still be what it was.
 *
 * @throws {Error} if it has a digest, and the file is gone or was changed
 */
export async function readPhoto(
  { digest: asked, path }: PhotoFile,
  settings: ImageSettings & { imageSize: number },
): Promise<Uint8Array | UnusablePhoto> {
  const { digest, isFlipped } = asked === undefined
    ? { digest: undefined, isFlipped: false }
    : unflipped(asked);
  try {
    const bytes = await (digest === undefined ? readAnyPhoto(path) : readKnownPhoto(path));
    // Otherwise the feature of a changed photo would be stored under the old digest forever.
    if (digest !== undefined && await digestOf(bytes) !== digest) {
      throw new Error(`Photo ${path} was changed since the data was prepared: prepare it again`);
    }
    const pixels = await decodePhoto(bytes, settings);
    if (isFlipped) flipPixels(pixels, settings.imageSize);
    return pixels;
  } catch (error) {
    if (!(error instanceof UnreadablePhotoError)) throw error;
    const { reason, pixels } = error;
    return { reason, ...pixels === undefined ? {} : { pixels } };
  }
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
