import { MOST_PHOTOS } from "../api/schemas.ts";

/** What a request may hold and how long it may take. */
export interface PhotoLimits {
  /** Photos in a request. @default {64} */
  photos: number;
  /** Bytes of a photo's file. @default {20 MB} */
  photoBytes: number;
  /** Bytes of a request's body. @default {64 MB} */
  bodyBytes: number;
  /** Bytes of all requests that are held at a time. @default {512 MB} */
  heldBytes: number;
  /** Pixels of a photo, read from its header before anything is decoded. @default {64 million} */
  pixels: number;
  /** Milliseconds between two pieces of a body. @default {10,000} */
  pieceMilliseconds: number;
  /** Milliseconds for a whole body. @default {120,000} */
  bodyMilliseconds: number;
  /** Milliseconds for a photo from a web address, redirects included. @default {10,000} */
  fetchMilliseconds: number;
  /** Milliseconds for decoding a HEIC. @default {10,000} */
  heicMilliseconds: number;
}

/** The limits unless told otherwise. */
export const PHOTO_LIMITS: Readonly<PhotoLimits> = {
  photos: MOST_PHOTOS,
  photoBytes: 20_000_000,
  bodyBytes: 64_000_000,
  heldBytes: 512_000_000,
  pixels: 64_000_000,
  pieceMilliseconds: 10_000,
  bodyMilliseconds: 120_000,
  fetchMilliseconds: 10_000,
  heicMilliseconds: 10_000,
};

/** A number of bytes as people write it. */
export function megabytes(bytes: number): string {
  return bytes >= 1_000_000 ? `${Number((bytes / 1_000_000).toFixed(1))} MB` : `${bytes} bytes`;
}
