import { RefusedPhotoError } from "./refused_photo_error.ts";

/**
 * Bytes of a photo given as base64, with or without the beginning of a data URL.
 *
 * @throws {RefusedPhotoError} if it is not base64
 */
export function decodeBase64(text: string): Uint8Array {
  const encoded = text.replace(/^data:[^,]{0,200};base64,/, "");
  try {
    return Uint8Array.fromBase64(encoded);
  } catch {
    throw new RefusedPhotoError("The photo is not valid base64.");
  }
}
