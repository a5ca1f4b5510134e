import { reasonOf } from "./reason_of.ts";
import { loadSharp } from "./sharp.ts";
import { UnreadablePhotoError } from "./unreadable_photo_error.ts";

/** How photos are shrunk for storage. */
export interface ShrinkSettings {
  /** Pixels of the shorter side; smaller photos are not enlarged. */
  shorterSide: number;
  /** JPEG quality, 1 to 100. */
  quality: number;
}

/**
 * Shrinks a photo to a JPEG without metadata; EXIF orientation is applied, and colour profiles are
 * treated as in `decodePhoto`.
 *
 * @throws {UnreadablePhotoError} if it is truncated or not a photo
 */
export async function shrinkPhoto(
  bytes: Uint8Array,
  { shorterSide, quality }: ShrinkSettings,
): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const options = { failOn: "error", sequentialRead: true } as const;
  try {
    const { space } = await sharp(bytes, options).metadata();
    return await sharp(bytes, { ...options, ignoreIcc: space !== "cmyk" })
      .autoOrient()
      .resize(shorterSide, shorterSide, { fit: "outside", withoutEnlargement: true })
      .toColourspace("srgb")
      .jpeg({ quality })
      .toBuffer();
  } catch (error) {
    throw new UnreadablePhotoError("The photo", reasonOf(error, bytes));
  }
}
