import { Random } from "../../lib/random/mod.ts";
import type { CaptionSet } from "../../lib/training/mod.ts";

/** Captions of unlike lengths and features of their photos: 1 is the start, 2 the end. */
export function madeCaptions(
  count: number,
  { vocabulary = 23, width = 6, longest = 8, seed = 5 } = {},
): CaptionSet {
  const random = new Random(seed, "captions");
  const captions = Array.from({ length: count }, () => {
    const length = random.integer(1, longest + 1);
    const words = Array.from({ length }, () => random.integer(3, vocabulary));
    return Int32Array.from([1, ...words, 2]);
  });
  const features = new Map(
    captions.map((_, i) => [`photo${i}`, Array.from({ length: width }, () => random.normal())]),
  );
  return {
    captions,
    photos: captions.map((_, i) => `photo${i}`),
    features: {
      featureShape: [width],
      gather: (digests) => Float32Array.from(digests.flatMap((digest) => features.get(digest)!)),
    },
  };
}
