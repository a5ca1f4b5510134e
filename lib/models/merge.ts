import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  denseLayer,
  dropout,
  embeddingLayer,
  type FusedOps,
  initialWeights,
  type Layer,
  lstmLayer,
  type Weights,
  weightShapes,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type { Decoder, DecoderInputs, DecoderState, DecoderStep } from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { imageLayer } from "./image_layer.ts";
import { padEveryPrefix, padPrefixes } from "./padded_words.ts";
import {
  checkRecurrent,
  imageUnits,
  notYet,
  recurrentFields,
  type RecurrentSettings,
} from "./recurrent_settings.ts";

/** Settings of the merge decoder. */
export interface MergeSettings extends RecurrentSettings {
  /** Chooses this decoder. */
  kind: "merge";
  /** How words and photo meet: their sum, or the photo beside the words. @default {"add"} */
  merge: "add" | "concatenate";
  /** Width of the image's projection; null: `units`. @default {null} */
  imageUnits: number | null;
  /** Width of the dense layer before the softmax. @default {256} */
  dense: number;
  /** L2 penalty on the two dense layers before the last. @default {0} */
  l2: number;
}

/** The same as they are written: what is left out gets its default. */
export type MergeSettingsInput =
  & Pick<MergeSettings, "kind">
  & Partial<Omit<MergeSettings, "kind">>;

/**
 * Schema of {@linkcode MergeSettings}.
 *
 * @internal
 */
export const mergeSettings: z.ZodType<MergeSettings, MergeSettingsInput> = z.strictObject({
  kind: z.literal("merge"),
  ...recurrentFields({
    units: 256,
    unitsOf: "width of each recurrent layer, and of the image's projection",
    wordDropout: 0.5,
    outputDropout: 0,
    imageScale: "none",
    imageActivation: "relu",
  }),
  merge: z.enum(["add", "concatenate"]).default("add").describe(
    "how words and photo meet: their sum, or the photo's vector and then the words' in one",
  ),
  imageUnits,
  dense: z.int().min(1).default(256).describe("width of the dense layer before the softmax"),
  l2: z.number().min(0).default(0).describe("L2 penalty on the two dense layers before the last"),
}).superRefine((settings, context) => {
  checkRecurrent(settings, context);
  const { merge, imageUnits, units } = settings;
  if (merge === "add" && imageUnits !== null && imageUnits !== units) {
    const message = `Only vectors of the same width can be added: set it to null, or merge to ` +
      `"concatenate"`;
    context.addIssue({ code: "custom", path: ["imageUnits"], message });
  }
});

/**
 * The merge decoder (Tanti et al., 2018): the LSTM reads words alone; its
 * output and the photo meet in a dense layer before the softmax.
 *
 * image → dropout → dense, ReLU ─┐
 *                                add → dense, ReLU → dense → softmax
 * words → embedding → dropout → LSTM → dropout ─┘
 */
class MergeDecoder implements Decoder {
  readonly kind = "merge";
  readonly decodingCost?: string;
  readonly vocabularySize: number;
  readonly weightShapes: ReadonlyMap<string, number[]>;
  readonly fused?: FusedOps;
  readonly #settings: MergeSettings;
  readonly #layers: ReturnType<typeof layersOf>;

  constructor(settings: MergeSettings, inputs: DecoderInputs, fused?: FusedOps) {
    notYet(settings, settings.merge !== "add");
    this.vocabularySize = inputs.vocabularySize;
    this.fused = fused;
    this.#settings = settings;
    this.#layers = layersOf(settings, inputs, fused);
    this.weightShapes = weightShapes(Object.values(this.#layers));
    if (settings.padding !== null) {
      this.decodingCost = `This merge decoder reads its padding too, so that the ` +
        `${settings.padding.positions} positions of a prefix are read again for every word`;
    }
  }

  initialWeights(seed: number): Weights {
    return initialWeights(Object.values(this.#layers), seed);
  }

  activations(words: number): number {
    const { units, padding } = this.#settings;
    const { embedding, lstm, dense } = this.#layers;
    const steps = padding === null ? words : words * padding.positions;
    return steps * (2 * embedding.activations + lstm.activations + units) +
      words * 2 * dense.activations;
  }

  forward(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Tensor2D {
    const { units, padding, outputDropout } = this.#settings;
    const { image, dense } = this.#layers;
    // Dropout gives every caption a mask of its own, so that photos come one a caption.
    const photos = image.apply(weights, tf.gather(batch.features, batch.photoOf), random); // [captions, units]
    let words = padding === null
      ? this.#read(weights, batch.inputs, random).reshape([-1, units])
      : this.#readPadded(weights, padEveryPrefix(batch.inputs, padding), random);
    if (batch.positions) words = tf.gather(words, batch.positions); // of all positions [words, units]
    words = dropout(words, outputDropout, random, this.fused);
    return dense.apply(weights, tf.add(words, tf.gather(photos, batch.captionOf)) as tf.Tensor2D);
  }

  head(weights: WeightTensors): { kernel: tf.Tensor2D; bias: tf.Tensor1D } {
    return this.#layers.output.arrays(weights);
  }

  penalty(weights: WeightTensors): tf.Scalar | undefined {
    const { l2 } = this.#settings;
    if (l2 === 0) return undefined;
    const { image, dense } = this.#layers;
    const squares = [image, dense].map((layer) => tf.sum(tf.square(layer.arrays(weights).kernel)));
    return tf.mul(tf.addN(squares), l2) as tf.Scalar;
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderState {
    const image = this.#layers.image.apply(weights, features);
    if (this.#settings.padding !== null) return { image };
    return { image, ...this.#layers.lstm.start(features.shape[0]) };
  }

  step(weights: WeightTensors, before: DecoderState, words: tf.Tensor1D): DecoderStep {
    const { dense, output } = this.#layers;
    const { h, state } = this.#settings.padding === null
      ? this.#next(weights, before, words)
      : this.#nextPadded(weights, before, words);
    const hidden = dense.apply(weights, tf.add(h, before.image) as tf.Tensor2D);
    return {
      logits: output.apply(weights, hidden),
      state: { image: before.image.clone(), ...state },
    };
  }

  /** Reads one word more. */
  #next(weights: WeightTensors, { h, c }: DecoderState, words: tf.Tensor1D) {
    const { embedding, lstm } = this.#layers;
    const embedded = embedding.apply(weights, words) as tf.Tensor2D; // [rows, embedding]
    const state = lstm.step(weights, embedded, { h: h as tf.Tensor2D, c: c as tf.Tensor2D });
    return { h: state.h, state };
  }

  /** Reads the words so far, kept as `read` [rows, words], and their padding again. */
  #nextPadded(weights: WeightTensors, before: DecoderState, words: tf.Tensor1D) {
    const now = tf.expandDims(words, 1) as tf.Tensor2D;
    const read = "read" in before ? tf.concat([before.read as tf.Tensor2D, now], 1) : now;
    const h = this.#readPadded(weights, padPrefixes(read, this.#settings.padding!));
    return { h, state: { read } };
  }

  /** What the LSTM makes of words. @param words [time, rows] @returns [time, rows, units] */
  #read(weights: WeightTensors, words: tf.Tensor2D, random?: Random): tf.Tensor3D {
    const { embedding, lstm } = this.#layers;
    const embedded = embedding.apply(weights, words) as tf.Tensor3D; // [time, rows, embedding]
    return lstm.apply(
      weights,
      dropout(embedded, this.#settings.wordDropout, random, this.fused),
    );
  }

  /** Its output at the last position. @param words [positions, rows] @returns [rows, units] */
  #readPadded(weights: WeightTensors, words: tf.Tensor2D, random?: Random): tf.Tensor2D {
    const [positions, rows] = words.shape;
    const h = this.#read(weights, words, random);
    return tf.reshape(tf.slice(h, [positions - 1, 0, 0], [1, rows, -1]), [rows, -1]);
  }
}

function layersOf(
  settings: MergeSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  fused?: FusedOps,
) {
  const { embedding, units, dense } = settings;
  return {
    image: imageLayer("merge", settings, featureShape, units, { fused }),
    embedding: embeddingLayer("embedding", vocabularySize, embedding),
    lstm: lstmLayer("lstm", embedding, units, fused),
    dense: denseLayer("dense", units, dense, "relu"),
    output: denseLayer("output", dense, vocabularySize),
  } satisfies Record<string, Layer>;
}

/** The merge decoder. */
export const merge: DecoderKind<MergeSettings, MergeSettingsInput> = {
  settings: mergeSettings,
  create: (settings, inputs, fused) => new MergeDecoder(settings, inputs, fused),
};
