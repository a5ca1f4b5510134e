import { loadSharp } from "./sharp.ts";
import { UnreadablePhotoError } from "./unreadable_photo_error.ts";

/** How photos are made smaller to be kept. */
export interface ShrinkSettings {
  /** Pixels of the shorter side; smaller photos are not enlarged. */
  shorterSide: number;
  /** JPEG quality, 1 to 100. */
  quality: number;
}

/**
 * A photo made smaller, as the bytes of a JPEG without metadata; EXIF orientation is applied, and
 * colour profiles are treated as by `decodePhoto`.
 *
 * @throws {UnreadablePhotoError} if it is truncated or no photo
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
    throw new UnreadablePhotoError("The photo", (error as Error).message.split("\n")[0]);
  }
}
