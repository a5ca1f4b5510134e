import { RefusedPhotoError } from "./refused_photo_error.ts";

const MOST_PIXELS_A_SIDE = 1280;

/**
 * A checked photo as a JPEG that every browser shows.
 *
 * @throws {RefusedPhotoError} if it is damaged
 */
export async function previewOf(photo: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import("sharp");
  try {
    const jpeg = await sharp(photo, { limitInputPixels: false, failOn: "error" }).autoOrient()
      .resize(MOST_PIXELS_A_SIDE, MOST_PIXELS_A_SIDE, { fit: "inside", withoutEnlargement: true })
      .flatten({ background: "white" }).jpeg({ quality: 85 }).toBuffer();
    return new Uint8Array(jpeg);
  } catch {
    throw new RefusedPhotoError("The photo cannot be read: it is damaged.");
  }
}
