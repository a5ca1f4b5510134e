import type { Encoder } from "../encoders/browser.ts";
import type { Listener } from "../progress/mod.ts";
import type { Captioner } from "./captioner.ts";

/** Where a model looked for each word of a caption. */
export interface WordRegions {
  /**
   * `attention`: the decoder's own weights. `occlusion`: how much less probable the word gets when a
   * region is covered in grey (Zeiler and Fergus, 2014).
   */
  kind: "attention" | "occlusion";
  /** Regions down. */
  rows: number;
  /** Regions across. */
  columns: number;
  /** For each word its regions, row by row: 0 to 1, the largest of all words 1. */
  words: { word: string; regions: number[] }[];
}

/** Options of {@linkcode wordRegions}. */
export interface WordRegionsOptions extends Pick<Listener, "signal"> {
  /** Regions down and across, where they are covered one by one. @default {7} */
  grid?: number;
  /** Photos encoded at once; between them the signal is looked at. @default {16} */
  batchSize?: number;
}

/** What a region is covered with: the mean of ImageNet's photos, RGB. */
const GREY = [124, 116, 104];

/**
 * Where a model looked for each word: its decoder's attention, or else occlusion over a grid, which
 * encodes the photo once a region.
 *
 * @param pixels RGB bytes of one photo [imageSize, imageSize, 3]
 * @param words of the caption, as they stand in the vocabulary
 * @throws {RangeError} naming the first word that the vocabulary lacks, or if there is none
 */
export async function wordRegions(
  encoder: Pick<Encoder, "imageSize" | "featureShape" | "encode">,
  captioner: Pick<Captioner, "readCaption">,
  pixels: Uint8Array,
  words: readonly string[],
  { grid = 7, batchSize = 16, signal }: WordRegionsOptions = {},
): Promise<WordRegions> {
  signal?.throwIfAborted();
  const whole = await captioner.readCaption(await encoder.encode(pixels, 1), 1, words);
  if (whole.attention !== undefined) {
    const regions = whole.attention[0].map((row) => [...row]);
    const [rows, columns] = gridOf(encoder.featureShape, regions[0].length);
    return { kind: "attention", rows, columns, words: scaled(words, regions) };
  }
  const drops = words.map((): number[] => []);
  for (let from = 0; from < grid * grid; from += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, grid * grid - from);
    const covered = new Uint8Array(count * pixels.length);
    for (let i = 0; i < count; i++) {
      const copy = covered.subarray(i * pixels.length, (i + 1) * pixels.length);
      copy.set(pixels);
      cover(copy, encoder.imageSize, grid, from + i);
    }
    const features = await encoder.encode(covered, count);
    signal?.throwIfAborted();
    const { logProbabilities } = await captioner.readCaption(features, count, words);
    for (const logs of logProbabilities) {
      logs.forEach((log, i) => drops[i].push(Math.max(0, whole.logProbabilities[0][i] - log)));
    }
  }
  return { kind: "occlusion", rows: grid, columns: grid, words: scaled(words, drops) };
}

/** Rows and columns of a photo's regions: a decoder may make a smaller grid of the encoder's. */
export function gridOf([rows, columns]: readonly number[], regions: number): [number, number] {
  if (rows * columns === regions) return [rows, columns];
  const side = Math.sqrt(regions);
  return [side, side];
}

/** Covers one region of a photo. @param region counted row by row */
function cover(pixels: Uint8Array, size: number, grid: number, region: number): void {
  const edge = (line: number) => Math.round(line * size / grid);
  const [row, column] = [Math.floor(region / grid), region % grid];
  for (let y = edge(row); y < edge(row + 1); y++) {
    for (let x = edge(column); x < edge(column + 1); x++) pixels.set(GREY, (y * size + x) * 3);
  }
}

function scaled(words: readonly string[], regions: number[][]): WordRegions["words"] {
  const largest = Math.max(...regions.flat());
  const share = (value: number) => largest > 0 ? value / largest : 0;
  return words.map((word, i) => ({ word, regions: regions[i].map(share) }));
}
