import pLimit from "p-limit";
import type { Metadata } from "sharp";
import { isCutOffJpeg } from "../../lib/images/mod.ts";
import { HeicDecoder } from "./heic_decoder.ts";
import { megabytes, type PhotoLimits } from "./limits.ts";
import { photoKind } from "./photo_kind.ts";
import { RefusedPhotoError } from "./refused_photo_error.ts";

/** HEICs that are decoded at a time. */
const HEICS_AT_ONCE = 2;

/** Looks at photos' files before the engine decodes them. */
export class PhotoChecker {
  readonly #limits: PhotoLimits;
  readonly #heics = pLimit(HEICS_AT_ONCE);
  readonly #decoder = new HeicDecoder();

  constructor(limits: PhotoLimits) {
    this.#limits = limits;
  }

  /**
   * A photo's file that the engine may decode: of a kind that is taken, within the limits by its
   * header. A HEIC comes back as JPEG, everything else as it is.
   *
   * @throws {RefusedPhotoError}
   */
  async check(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { photoBytes, pixels } = this.#limits;
    if (bytes.length > photoBytes) {
      const most = megabytes(photoBytes);
      throw new RefusedPhotoError(`The photo is larger than ${most}: make it smaller.`);
    }
    if (await photoKind(bytes) === "heic") {
      return await this.#heics(() => this.#jpeg(bytes, signal));
    }
    if (isCutOffJpeg(bytes)) throw new RefusedPhotoError("The JPEG is truncated: send it again.");
    const { width, height } = await headerOf(bytes);
    if (width * height > pixels) throw tooManyPixels(width, height, pixels);
    return bytes;
  }

  async #jpeg(heic: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { width, height, rgba } = await this.#decoder.decode(heic, this.#limits, signal);
    if (rgba === undefined) throw tooManyPixels(width, height, this.#limits.pixels);
    const { default: sharp } = await import("sharp");
    return await sharp(rgba, { raw: { width, height, channels: 4 } }).flatten()
      .jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer();
  }
}

async function headerOf(bytes: Uint8Array): Promise<Metadata> {
  const { default: sharp } = await import("sharp");
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch {
    throw new RefusedPhotoError("The photo cannot be read: its header is damaged.");
  }
}

function tooManyPixels(width: number, height: number, pixels: number): RefusedPhotoError {
  return new RefusedPhotoError(
    `Its ${width} × ${height} pixels are more than the ${pixels / 1e6} million allowed: make it ` +
      "smaller.",
  );
}
