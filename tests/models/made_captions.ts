import { Random } from "../../lib/random/mod.ts";
import type { CaptionSet } from "../../lib/training/mod.ts";

/** Captions of unlike lengths and features of their photos: 1 is the start, 2 the end. */
export function madeCaptions(
  count: number,
  { vocabulary = 23, width = 6, grid = [], longest = 8, seed = 5 }: {
    vocabulary?: number;
    width?: number;
    /** Rows and columns of each photo's feature; one vector without them. */
    grid?: number[];
    longest?: number;
    seed?: number;
  } = {},
): CaptionSet {
  const random = new Random(seed, "captions");
  const captions = Array.from({ length: count }, () => {
    const length = random.integer(1, longest + 1);
    const words = Array.from({ length }, () => random.integer(3, vocabulary));
    return Int32Array.from([1, ...words, 2]);
  });
  const featureShape = [...grid, width];
  const length = featureShape.reduce((product, side) => product * side, 1);
  const features = new Map(
    captions.map((_, i) => [`photo${i}`, Array.from({ length }, () => random.normal())]),
  );
  return {
    captions,
    photos: captions.map((_, i) => `photo${i}`),
    features: {
      featureShape,
      gather: (digests) => Float32Array.from(digests.flatMap((digest) => features.get(digest)!)),
    },
  };
}
