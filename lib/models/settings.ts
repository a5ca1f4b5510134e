import { z } from "zod";

const rate = z.number().min(0).lt(1);
const imageScale = z.enum(["none", "l2", "meanSquare"]).default("none")
  .describe("scale of a photo's vector: as it is, length 1, or mean square 1");

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
  imageScale,
  padding: z.strictObject({
    places: z.int().min(1).describe("words that every prefix is brought to"),
    side: z.enum(["front", "back"]).describe("where its padding stands"),
  }).nullable().default(null).describe(
    "null: the LSTM reads words alone; otherwise padding too, as in a Keras model whose embedding " +
      "does not mask it (mask_zero=False), which has to read every prefix on its own",
  ),
});

/** Settings of the merge decoder. */
export type MergeSettings = z.infer<typeof mergeSettings>;

/**
 * Settings of the decoder with bidirectional LSTMs and dot attention.
 *
 * @internal
 */
export const bilstmDotSettings = z.strictObject({
  kind: z.literal("bilstm_dot"),
  embedding: z.int().min(1).default(256).describe("width of a word's embedding"),
  units: z.int().min(1).default(256).describe("width of the image's projection and of each LSTM"),
  dense: z.int().min(1).default(256).describe("width of the dense layer before the softmax"),
  imageDropout: rate.default(0.5).describe("dropout on the photo's feature"),
  wordDropout: rate.default(0.5).describe("dropout on the words' embeddings"),
  imageScale,
  imageSteps: z.int().min(1).default(34).describe("times that the image's vector is repeated"),
  attention: z.enum(["weighted", "sum"]).default("weighted").describe(
    "word states weighted by the softmax of their dot products with the image's, or their plain " +
      "sum, which is what the published notebook's contraction comes to",
  ),
  softmaxOver: z.int().min(1).nullable().default(null).describe(
    "places that the softmax runs over, empty ones counted with score 0, as in a Keras model " +
      "padded to so many words; null: the words alone",
  ),
  pooling: z.enum(["sum", "mean"]).default("sum").describe(
    "how what each image step attends to becomes one vector",
  ),
});

/** Settings of the decoder with bidirectional LSTMs and dot attention. */
export type BilstmDotSettings = z.infer<typeof bilstmDotSettings>;

/**
 * Settings of a decoder, by kind.
 *
 * @internal
 */
export const modelSettings = z.discriminatedUnion("kind", [mergeSettings, bilstmDotSettings]);

/** Settings of a decoder. */
export type ModelSettings = z.infer<typeof modelSettings>;
