import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  denseLayer,
  dropout,
  embeddingLayer,
  type FusedOps,
  lstmLayer,
  readBackwards,
  readRepeatedly,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type { DecoderInputs, DecoderStart, DecoderState, DecoderStep } from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { dropoutRate } from "./dropout_rate.ts";
import { imageLayer, type ImageScale, imageScale } from "./image_layer.ts";
import { LayeredDecoder } from "./layered_decoder.ts";
import { prefixWords } from "./prefixes.ts";
import { trainEmbedding } from "./recurrent_settings.ts";
import { steps, width } from "./widths.ts";
import { attend, attendPrefixes, sumPrefixes } from "./word_attention.ts";

/** Settings of the decoder with bidirectional LSTMs and dot attention. */
export interface BilstmDotSettings {
  /** Chooses this decoder. */
  kind: "bilstm_dot";
  /** Width of a word's embedding. @default {256} */
  embedding: number;
  /** Whether training changes the embedding. @default {true} */
  trainEmbedding: boolean;
  /** Width of the image's projection and of each LSTM. @default {256} */
  units: number;
  /** Width of the dense layer before the softmax. @default {256} */
  dense: number;
  /** Dropout on the photo's feature, in [0, 1). @default {0.5} */
  imageDropout: number;
  /** Dropout on the words' embeddings. @default {0.5} */
  wordDropout: number;
  /** Scale of a photo's vector. @default {"none"} */
  imageScale: ImageScale;
  /** Times that the image's vector is repeated. @default {34} */
  imageSteps: number;
  /** Word states weighted by their attention, or their plain sum. @default {"weighted"} */
  attention: "weighted" | "sum";
  /** Positions that the softmax runs over; null: the words alone. @default {null} */
  softmaxOver: number | null;
  /** How what each image step attends to becomes one vector. @default {"sum"} */
  pooling: "sum" | "mean";
}

/** The same as they are written: what is left out gets its default. */
export type BilstmDotSettingsInput =
  & Pick<BilstmDotSettings, "kind">
  & Partial<Omit<BilstmDotSettings, "kind">>;

/**
 * Schema of {@linkcode BilstmDotSettings}.
 *
 * @internal
 */
export const bilstmDotSettings: z.ZodType<BilstmDotSettings, BilstmDotSettingsInput> = z
  .strictObject({
    kind: z.literal("bilstm_dot"),
    embedding: width.default(256).describe("width of a word's embedding"),
    trainEmbedding,
    units: width.default(256).describe("width of the image's projection and of each LSTM"),
    dense: width.default(256).describe("width of the dense layer before the softmax"),
    imageDropout: dropoutRate.default(0.5).describe("dropout on the photo's feature"),
    wordDropout: dropoutRate.default(0.5).describe("dropout on the words' embeddings"),
    imageScale: imageScale("none"),
    imageSteps: steps.default(34).describe("times that the image's vector is repeated"),
    attention: z.enum(["weighted", "sum"]).default("weighted").describe(
      "word states weighted by the softmax of their dot products with the image's, or their plain " +
        "sum, which is what the published notebook's contraction computes",
    ),
    softmaxOver: steps.nullable().default(null).describe(
      "positions that the softmax runs over, empty ones counted with score 0, as in a Keras model " +
        "padded to so many words; null: the words alone",
    ),
    pooling: z.enum(["sum", "mean"]).default("sum").describe(
      "how what each image step attends to becomes one vector",
    ),
  });

/**
 * The decoder of the public Flickr8k notebook that has a bidirectional LSTM on both sides and dot
 * attention between them (`flickr8k_bilstm`).
 *
 * image → dropout → dense, ReLU ─┬─ repeated → bidirectional LSTM ─┐
 *                                │            dot → softmax → weighted sum of word states ─┐
 * words → embedding → dropout ───┼─ bidirectional LSTM ────────────┘                       │
 *                                └────────────────────────────────── joined → dense, ReLU → dense
 *
 * Its words see later words, so that every prefix of a caption is read on its own: a caption of n
 * words costs n² / 2 steps of the backward LSTM where `merge` has n steps, in training as well as
 * in decoding, which reads the whole prefix again for every word (all rows of a beam at once). Words
 * are projected to the gates once for all prefixes; the forward LSTM depends on earlier words alone
 * and runs once.
 */
class BilstmDotDecoder extends LayeredDecoder<ReturnType<typeof layersOf>> {
  readonly kind = "bilstm_dot";
  readonly decodingCost =
    "The bilstm_dot decoder reads a caption's beginning again for every word (its words see later " +
    "words): n words take n²/2 steps of an LSTM, all rows at once, where merge takes n";
  readonly #settings: BilstmDotSettings;

  constructor(settings: BilstmDotSettings, inputs: DecoderInputs, fused?: FusedOps) {
    super(layersOf(settings, inputs, fused), inputs, settings, fused);
    this.#settings = settings;
  }

  activations(words: number): number {
    const { units, imageSteps, attention } = this.#settings;
    const { embedding, wordsForward, wordsBackward, imageForward, imageBackward } = this.layers;
    const steps = words * (words + 1) / 2; // of the backward LSTM, over all prefixes
    const perStep = wordsBackward.activations + 3 * units; // with outputs
    const perWord = 2 * embedding.activations + wordsForward.activations + 11 * units;
    if (attention === "sum") return steps * perStep + words * perWord;
    const perImageStep = imageForward.activations + imageBackward.activations;
    return steps * (perStep + 3 * units + 10 * imageSteps) + // states and shares
      words * perWord + imageSteps * perImageStep;
  }

  forward(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Tensor2D {
    const { units, wordDropout, attention } = this.#settings;
    const { embedding, wordsForward, wordsBackward } = this.layers;
    const { captions, time } = batch;
    // Dropout gives every caption a mask of its own, so that photos come one a caption.
    const photos = tf.gather(batch.features, batch.photoOf);
    const image = this.layers.image.apply(weights, photos, random); // [captions, units]
    const embedded = dropout(
      embedding.apply(weights, batch.inputs),
      wordDropout,
      random,
      this.fused,
    ) as tf.Tensor3D; // [time, captions, embedding]
    const words = prefixWords(time);
    const states = {
      forward: wordsForward.apply(weights, embedded),
      backward: readBackwards(wordsBackward, weights, embedded, batch.lengths, this.fused),
      words,
    };
    const pooled = attention === "weighted"
      ? attendPrefixes(this.#queries(weights, image), states, this.#settings.softmaxOver)
      : sumPrefixes(states);
    let context = this.#pooled(tf.reshape(pooled, [time * captions, 2 * units]) as tf.Tensor2D);
    if (batch.positions) context = tf.gather(context, batch.positions); // [words, 2 units]
    const hidden = this.#hidden(weights, context, tf.gather(image, batch.captionOf) as tf.Tensor2D);
    return attention === "weighted" ? hidden : this.#untouched(weights, hidden);
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderStart {
    const { image, wordsForward } = this.layers;
    const vector = image.apply(weights, features);
    const state: DecoderState = { image: vector, ...wordsForward.start(features.shape[0]) };
    if (this.#settings.attention === "weighted") state.queries = this.#queries(weights, vector);
    return { state };
  }

  /**
   * Besides the state at the start, what was read so far is kept, the last word first: its words
   * `read` [rows, words] and their states `forward` [rows, words, units].
   */
  step(weights: WeightTensors, before: DecoderState, words: tf.Tensor1D): DecoderStep {
    const { embedding, wordsForward, wordsBackward, output } = this.layers;
    const image = before.image as tf.Tensor2D;
    const queries = before.queries as tf.Tensor3D | undefined; // [rows, image steps, 2 units]
    const { h, c } = wordsForward.step(
      weights,
      embedding.apply(weights, words) as tf.Tensor2D,
      { h: before.h as tf.Tensor2D, c: before.c as tf.Tensor2D },
    );
    const joined = (name: string, now: tf.Tensor) =>
      name in before ? tf.concat([now, before[name]], 1) : now;
    const read = joined("read", tf.expandDims(words, 1));
    const forward = joined("forward", tf.expandDims(h, 1));
    const prefix = embedding.apply(weights, tf.transpose(read)) as tf.Tensor3D; // [words, rows, embedding]
    const backward = wordsBackward.apply(weights, prefix);
    const states = tf.concat([tf.transpose(forward, [1, 0, 2]), backward], 2) as tf.Tensor3D;
    const context = this.#pooled(
      queries === undefined
        ? tf.sum(states, 0)
        : attend(queries, states, this.#settings.softmaxOver),
    );
    const state: DecoderState = { image: image.clone(), h, c, read, forward };
    if (queries) state.queries = queries.clone();
    return { logits: output.apply(weights, this.#hidden(weights, context, image)), state };
  }

  /** The image's side of the dot product. @returns [photos, image steps, 2 units] */
  #queries(weights: WeightTensors, image: tf.Tensor2D): tf.Tensor3D {
    const { imageForward, imageBackward } = this.layers;
    const { imageSteps } = this.#settings;
    const layers = [imageForward, imageBackward];
    const [forward, read] = readRepeatedly(layers, weights, image, imageSteps, this.fused);
    // What is read is the same at every step, so that read backwards is read again.
    const backward = tf.reverse(read, 0);
    return tf.transpose(tf.concat([forward, backward], 2), [1, 0, 2]) as tf.Tensor3D;
  }

  /** @param context what each image step attends to, summed */
  #pooled(context: tf.Tensor2D): tf.Tensor2D {
    const { imageSteps, pooling } = this.#settings;
    return pooling === "sum" ? context : tf.div(context, imageSteps);
  }

  #hidden(weights: WeightTensors, context: tf.Tensor2D, image: tf.Tensor2D): tf.Tensor2D {
    return this.layers.dense.apply(weights, tf.concat([context, image], 1) as tf.Tensor2D);
  }

  /** The image's LSTMs have no part in a plain sum, yet `tf.grads` wants them in it: zero times. */
  #untouched(weights: WeightTensors, hidden: tf.Tensor2D): tf.Tensor2D {
    const { imageForward, imageBackward } = this.layers;
    const sums = [imageForward, imageBackward]
      .flatMap((layer) => [...layer.weights.keys()])
      .map((name) => tf.sum(weights.get(name)!));
    return tf.add(hidden, tf.mul(tf.addN(sums), 0)) as tf.Tensor2D;
  }
}

function layersOf(
  settings: BilstmDotSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  fused?: FusedOps,
) {
  const { embedding, units, dense } = settings;
  return {
    image: imageLayer("bilstm_dot", settings, featureShape, units, { fused }),
    imageForward: lstmLayer("image_forward", units, units, fused),
    imageBackward: lstmLayer("image_backward", units, units, fused),
    embedding: embeddingLayer("embedding", vocabularySize, embedding),
    wordsForward: lstmLayer("words_forward", embedding, units, fused),
    wordsBackward: lstmLayer("words_backward", embedding, units, fused),
    dense: denseLayer("dense", 3 * units, dense, "relu", fused), // the word states' 2 × units, then the image's
    output: denseLayer("output", dense, vocabularySize),
  };
}

/** The decoder with bidirectional LSTMs and dot attention. */
export const bilstmDot: DecoderKind<BilstmDotSettings, BilstmDotSettingsInput> = {
  settings: bilstmDotSettings,
  create: (settings, inputs, fused) => new BilstmDotDecoder(settings, inputs, fused),
};
