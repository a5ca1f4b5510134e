/** Pixels of a photo, red, green and blue one after the other [height, width, 3]. */
export interface Pixels {
  /** The bytes. */
  data: Uint8Array | Uint8ClampedArray;
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
}

/** How photos reach an encoder. */
export interface ResizeSettings {
  /** Pixels a side afterwards. */
  imageSize: number;
  /** The whole photo, its sides scaled apart, or its largest centred square. */
  fit: "stretch" | "crop";
  /** How pixels are resampled. */
  kernel: "nearest" | "bilinear" | "bicubic" | "lanczos";
}

/** Smooth kernels with the distance at which they end, as in Pillow. */
const KERNELS = {
  bilinear: { support: 1, weight: (x: number) => 1 - x },
  bicubic: { // Catmull-Rom, a = −1/2
    support: 2,
    weight: (x: number) => x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((2.5 - 0.5 * x) * x - 4) * x + 2,
  },
  lanczos: {
    support: 3,
    weight: (x: number) =>
      x === 0 ? 1 : 3 * Math.sin(Math.PI * x) * Math.sin(Math.PI * x / 3) /
        (Math.PI * x) ** 2,
  },
};

/**
 * A photo resized as a run's photos are: kernels are widened by the scale where a side shrinks, as
 * Pillow's are; `nearest` takes the pixel under the centre of each new one.
 *
 * @returns RGB bytes [imageSize, imageSize, 3]
 */
export function resizePixels(
  { data, width, height }: Pixels,
  { imageSize, fit, kernel }: ResizeSettings,
): Uint8Array {
  const side = Math.min(width, height);
  const columns = tapsOf(width, fit === "crop" ? side : width, imageSize, kernel);
  const rows = tapsOf(height, fit === "crop" ? side : height, imageSize, kernel);
  const narrow = resample(data, height, width, 3, columns); // [height, imageSize, 3]
  return resample(narrow, 1, height, imageSize * 3, rows);
}

/** The pixels that a new one is made of: the first one's index, and a weight for each. */
interface Taps {
  from: number;
  weights: number[];
}

/** What `size` new pixels take of the `kept` ones in the middle of `length`. */
function tapsOf(
  length: number,
  kept: number,
  size: number,
  kernel: ResizeSettings["kernel"],
): Taps[] {
  const start = Math.floor((length - kept) / 2);
  const scale = kept / size;
  const stretch = Math.max(1, scale);
  return Array.from({ length: size }, (_, i) => {
    const centre = (i + 0.5) * scale;
    if (kernel === "nearest") return { from: start + Math.floor(centre), weights: [1] };
    if (scale === 1) return { from: start + i, weights: [1] };
    const { support, weight } = KERNELS[kernel];
    const from = Math.max(0, Math.floor(centre - support * stretch + 0.5));
    const to = Math.min(kept, Math.floor(centre + support * stretch + 0.5));
    const weights = Array.from({ length: to - from }, (_, at) => {
      const distance = Math.abs(from + at + 0.5 - centre) / stretch;
      return distance < support ? weight(distance) : 0;
    });
    const sum = weights.reduce((sum, w) => sum + w, 0);
    return { from: start + from, weights: weights.map((w) => w / sum) };
  });
}

/** Resamples the middle axis. @param bytes [outer, length, inner] @returns [outer, taps, inner] */
function resample(
  bytes: Uint8Array | Uint8ClampedArray,
  outer: number,
  length: number,
  inner: number,
  taps: Taps[],
): Uint8Array {
  const result = new Uint8ClampedArray(outer * taps.length * inner); // rounds and clips
  let to = 0;
  for (let row = 0; row < outer; row++) {
    for (const { from, weights } of taps) {
      const first = (row * length + from) * inner;
      for (let k = 0; k < inner; k++, to++) {
        let sum = 0;
        for (let at = 0; at < weights.length; at++) {
          sum += weights[at] * bytes[first + at * inner + k];
        }
        result[to] = sum;
      }
    }
  }
  return new Uint8Array(result.buffer);
}
