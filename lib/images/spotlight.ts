import { readInput } from "../storage/mod.ts";
import { reasonOf } from "./reason_of.ts";
import { loadSharp } from "./sharp.ts";
import { UnreadablePhotoError } from "./unreadable_photo_error.ts";

/** How much of a photo's regions is lit. */
export interface Light {
  /** Regions down. */
  rows: number;
  /** Regions across. */
  columns: number;
  /** Of each region, row by row, not negative; the largest is lit fully. */
  shares: Float32Array;
  /** Whether the regions are those of the whole photo, or of its central square. @default {"stretch"} */
  fit?: "stretch" | "crop";
}

/** Options of {@linkcode spotlight}. */
export interface SpotlightOptions {
  /** Longer side in pixels; smaller photos are enlarged. @default {256} */
  size?: number;
}

/** Share of its light that a photo loses where nothing was looked at. */
const DARKEST = 0.8;

/** What it is shaded with, RGB. */
const SHADE = [8, 14, 18];

/**
 * A photo as PNG that is darkened but for the regions that were looked at, as attention maps are drawn
 * (Xu et al., 2015); EXIF orientation is applied.
 *
 * @param photo its path, or its bytes
 * @throws {RangeError} if there is not one share a region
 * @throws {UnreadablePhotoError} if it is truncated or not a photo
 */
export async function spotlight(
  photo: string | Uint8Array,
  { rows, columns, shares, fit = "stretch" }: Light,
  { size = 256 }: SpotlightOptions = {},
): Promise<Uint8Array> {
  if (shares.length !== rows * columns) {
    throw new RangeError(`${rows} × ${columns} regions have ${shares.length} shares, not one each`);
  }
  const sharp = await loadSharp();
  const bytes = typeof photo === "string" ? await readInput(photo) : photo;
  const { data, info: { width, height } } = await sharp(bytes, { failOn: "error" })
    .autoOrient()
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .resize(size, size, { fit: "inside" })
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      const name = typeof photo === "string" ? photo : "The photo";
      throw new UnreadablePhotoError(name, reasonOf(error, bytes));
    });
  const side = Math.min(width, height);
  const [across, down] = fit === "crop" ? [side, side] : [width, height];
  const [left, top] = [Math.floor((width - across) / 2), Math.floor((height - down) / 2)];
  const light = await enlarged();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = x >= left && x < left + across && y >= top && y < top + down;
      const lit = isInside ? light[(y - top) * across + x - left] / 255 : 0;
      const shade = DARKEST * (1 - lit);
      const at = 3 * (y * width + x);
      for (let c = 0; c < 3; c++) data[at + c] += shade * (SHADE[c] - data[at + c]);
    }
  }
  return await sharp(data, { raw: { width, height, channels: 3 } }).png().toBuffer();

  /** The regions smoothly as large as the part of the photo that they are of, 0 to 255. */
  async function enlarged(): Promise<Uint8Array> {
    const largest = shares.reduce((a, b) => Math.max(a, b), 0) || 1;
    const levels = Uint8Array.from(shares, (share) => Math.round(255 * share / largest));
    return await sharp(levels, { raw: { width: columns, height: rows, channels: 1 } })
      .resize(across, down, { fit: "fill", kernel: "cubic" })
      .extractChannel(0)
      .raw()
      .toBuffer();
  }
}
