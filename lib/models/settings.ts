import { z } from "zod";

const rate = z.number().min(0).lt(1);

/**
 * Settings of the merge decoder.
 *
 * @internal
 */
export const mergeSettings = z.strictObject({
  kind: z.literal("merge"),
  embedding: z.int().min(1).default(256).describe("width of a word's embedding"),
  units: z.int().min(1).default(256).describe("width of the LSTM and of the image's projection"),
  dense: z.int().min(1).default(256).describe("width of the dense layer before the softmax"),
  imageDropout: rate.default(0.5).describe("dropout on the photo's feature"),
  wordDropout: rate.default(0.5).describe("dropout on the words' embeddings"),
  outputDropout: rate.default(0).describe("dropout on the LSTM's outputs"),
  l2: z.number().min(0).default(0).describe("L2 penalty on the two dense layers before the last"),
  imageScale: z.enum(["none", "l2", "meanSquare"]).default("none")
    .describe("scale of a photo's vector: as it is, length 1, or mean square 1"),
});

/** Settings of the merge decoder. */
export type MergeSettings = z.infer<typeof mergeSettings>;

/**
 * Settings of a decoder, by kind.
 *
 * @internal
 */
export const modelSettings = z.discriminatedUnion("kind", [mergeSettings]);

/** Settings of a decoder. */
export type ModelSettings = z.infer<typeof modelSettings>;
