import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { denseLayer, type FusedOps, type WeightTensors } from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type { DecoderInputs, DecoderStart, DecoderState, DecoderStep } from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { imageLayer } from "./image_layer.ts";
import { LayeredDecoder } from "./layered_decoder.ts";
import {
  checkRecurrent,
  imageUnits,
  recurrentFields,
  type RecurrentSettings,
} from "./recurrent_settings.ts";
import { width } from "./widths.ts";
import { WordReader } from "./word_reader.ts";

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
  dense: width.default(256).describe("width of the dense layer before the softmax"),
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
 * The merge decoder (Tanti et al., 2018): the recurrent layers read words alone; their output and
 * the photo meet in a dense layer before the softmax.
 *
 * image → dropout → dense ─┐
 *                          add or concatenate → dense, ReLU → dense → softmax
 * words → embedding → dropout → recurrent layers → dropout ─┘
 */
class MergeDecoder extends LayeredDecoder<ReturnType<typeof layersOf>> {
  readonly kind = "merge";
  readonly decodingCost?: string;
  readonly #settings: MergeSettings;
  readonly #words: WordReader;

  constructor(settings: MergeSettings, inputs: DecoderInputs, fused?: FusedOps) {
    const words = new WordReader(settings, inputs.vocabularySize, 0, fused);
    super(layersOf(settings, inputs, words, fused), inputs, settings, fused);
    this.#settings = settings;
    this.#words = words;
    this.decodingCost = words.decodingCost;
  }

  activations(words: number): number {
    const { dense } = this.layers;
    const joined = this.#settings.merge === "add" ? 0 : joinedWidth(this.#settings);
    return this.#words.activations(words) + words * (2 * dense.activations + joined);
  }

  forward(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Tensor2D {
    const { image } = this.layers;
    // Dropout gives every caption a mask of its own, so that photos come one a caption.
    const photos = image.apply(weights, tf.gather(batch.features, batch.photoOf), random); // [captions, imageUnits]
    const words = this.#words.read(weights, batch, random); // [words, units]
    return this.#meet(weights, words, tf.gather(photos, batch.captionOf));
  }

  override penalty(weights: WeightTensors): tf.Scalar | undefined {
    const { l2 } = this.#settings;
    if (l2 === 0) return undefined;
    const { image, dense } = this.layers;
    const squares = [image, dense].map((layer) => tf.sum(tf.square(layer.arrays(weights).kernel)));
    return tf.mul(tf.addN(squares), l2) as tf.Scalar;
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderStart {
    const image = this.layers.image.apply(weights, features);
    return { state: { image, ...this.#words.start(features.shape[0]) } };
  }

  step(weights: WeightTensors, before: DecoderState, words: tf.Tensor1D): DecoderStep {
    const { output, state } = this.#words.next(weights, before, words);
    const hidden = this.#meet(weights, output, before.image as tf.Tensor2D);
    return {
      logits: this.layers.output.apply(weights, hidden),
      state: { image: before.image.clone(), ...state },
    };
  }

  /** Words and photos, row by row. @returns [rows, dense] */
  #meet(weights: WeightTensors, words: tf.Tensor2D, photos: tf.Tensor2D): tf.Tensor2D {
    const met = this.#settings.merge === "add"
      ? tf.add(words, photos)
      : tf.concat([photos, words], 1);
    return this.layers.dense.apply(weights, met as tf.Tensor2D);
  }
}

function layersOf(
  settings: MergeSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  { embedding, recurrent }: WordReader,
  fused?: FusedOps,
) {
  const { units, dense, imageUnits, imageActivation: activation } = settings;
  const image = { fused, activation };
  return {
    image: imageLayer("merge", settings, featureShape, imageUnits ?? units, image),
    embedding,
    recurrent,
    dense: denseLayer("dense", joinedWidth(settings), dense, "relu", fused),
    output: denseLayer("output", dense, vocabularySize),
  };
}

/** Width of what the dense layer reads. */
function joinedWidth({ merge, units, imageUnits }: MergeSettings): number {
  return merge === "add" ? units : (imageUnits ?? units) + units;
}

/** The merge decoder. */
export const merge: DecoderKind<MergeSettings, MergeSettingsInput> = {
  settings: mergeSettings,
  create: (settings, inputs, fused) => new MergeDecoder(settings, inputs, fused),
};
