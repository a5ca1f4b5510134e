import type { Metadata, Sharp } from "sharp";
import { readInput } from "../storage/mod.ts";
import { reasonOf } from "./reason_of.ts";
import { resizeNearest } from "./nearest.ts";
import { PixelBudget } from "./pixel_budget.ts";
import type { ImageSettings } from "./settings.ts";
import { loadSharp } from "./sharp.ts";
import { UnreadablePhotoError } from "./unreadable_photo_error.ts";

const FORMATS = ["jpeg", "png", "webp", "gif", "tiff", "heif"];

/** sharp's names; its reducing kernels are widened by the scale, as Pillow's are. */
const KERNELS = { bilinear: "linear", bicubic: "cubic", lanczos: "lanczos3" } as const;

/** Pixels decoded at the same time; each takes 3 to 8 bytes meanwhile. */
const decoding = new PixelBudget(50_000_000);

/**
 * A photo as RGB bytes [imageSize, imageSize, 3].
 *
 * Reads JPEG, PNG, WebP, AVIF, TIFF and GIF (an animation's first frame). EXIF orientation is applied;
 * grey becomes three equal channels, CMYK is converted to sRGB by its profile, 16 bits become 8, and
 * transparent areas become white. Embedded colour profiles of RGB photos are not applied, as the
 * published networks were trained on the plain numbers.
 *
 * Compared with Keras' `load_img(path, target_size)` on Pillow: a JPEG of the target size gives the
 * same bytes, and so does resizing with kernel `nearest`, which is Keras' default. The smooth kernels
 * are close to Pillow's of the same name where a side shrinks (Flickr8k to 224: mean difference 0.25
 * to 0.4 of 255), but a side that is enlarged comes out half a pixel beside Pillow's. Keras ignores
 * EXIF orientation, drops transparency without a background, converts CMYK without a profile, and
 * clips 16-bit grey.
 *
 * @param source path of a photo, or its bytes
 * @throws {UnreadablePhotoError} if it is empty, truncated, not a photo, or has too many pixels
 * @throws {Deno.errors.NotFound} if the file does not exist
 */
export async function decodePhoto(
  source: string | Uint8Array,
  settings: ImageSettings & { imageSize: number },
): Promise<Uint8Array> {
  const name = typeof source === "string" ? source : "The photo";
  const bytes = typeof source === "string" ? await readInput(source) : source;
  if (bytes.length === 0) throw new UnreadablePhotoError(name, "the file is empty");
  const sharp = await loadSharp();
  // Errors and truncation fail; warnings, such as stray bytes between markers, do not.
  const options = { failOn: "error", limitInputPixels: false, sequentialRead: true } as const;
  try {
    const metadata = await sharp(bytes, options).metadata();
    check(metadata, settings.maxPixels, name);
    const ignoreIcc = metadata.space !== "cmyk"; // inks mean nothing without their profile
    const decode = () => toPixels(sharp(bytes, { ...options, ignoreIcc }), metadata, settings);
    return await decoding.run(metadata.width * metadata.height, decode);
  } catch (error) {
    if (error instanceof UnreadablePhotoError) throw error;
    throw new UnreadablePhotoError(name, reasonOf(error, bytes));
  }
}

function check({ format, width, height }: Metadata, maxPixels: number, name: string): void {
  if (!FORMATS.includes(format)) {
    throw new UnreadablePhotoError(name, `${format} is not a supported photo format`);
  }
  if (width * height > maxPixels) {
    const reason = `its ${width} × ${height} pixels are more than the ${maxPixels} allowed`;
    throw new UnreadablePhotoError(name, reason, width * height);
  }
}

async function toPixels(
  photo: Sharp,
  metadata: Metadata,
  { imageSize, fit, kernel }: ImageSettings & { imageSize: number },
): Promise<Uint8Array> {
  const { width, height } = metadata.autoOrient;
  const resized = width !== imageSize || height !== imageSize;
  const byHand = kernel === "nearest" && resized;
  // Steps that would change nothing still cost time.
  let pipeline = photo;
  if ((metadata.orientation ?? 1) !== 1) pipeline = pipeline.autoOrient();
  if (metadata.hasAlpha) pipeline = pipeline.flatten({ background: "white" });
  if (metadata.space !== "srgb") pipeline = pipeline.toColourspace("srgb");
  if (kernel !== "nearest" && resized) {
    // Cut first: sharp's own "cover" would scale to whole pixels and then cut, half a pixel beside.
    if (fit === "crop") pipeline = pipeline.extract(middle(width, height));
    pipeline = pipeline.resize(imageSize, imageSize, {
      fit: "fill",
      kernel: KERNELS[kernel],
      fastShrinkOnLoad: false, // it would blur, or alias, depending on the photo's size
    });
  }
  const { data, info } = await pipeline.raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it has ${info.channels} channels after conversion`);
  if (!byHand) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  return resizeNearest(data, info.width, info.height, imageSize, fit);
}

/** The largest square in the middle. */
function middle(width: number, height: number) {
  const side = Math.min(width, height);
  const left = Math.floor((width - side) / 2);
  return { left, top: Math.floor((height - side) / 2), width: side, height: side };
}
