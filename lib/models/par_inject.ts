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
  optionalDense,
  recurrentFields,
  type RecurrentSettings,
} from "./recurrent_settings.ts";
import { WordReader } from "./word_reader.ts";

/** Settings of the par-inject decoder. */
export interface ParInjectSettings extends RecurrentSettings {
  /** Chooses this decoder. */
  kind: "par_inject";
  /** Width of the image's projection; null: `units`. @default {null} */
  imageUnits: number | null;
  /** Width of a dense layer with ReLU before the softmax; null: none. @default {null} */
  dense: number | null;
}

/** The same as they are written: what is left out gets its default. */
export type ParInjectSettingsInput =
  & Pick<ParInjectSettings, "kind">
  & Partial<Omit<ParInjectSettings, "kind">>;

/**
 * Schema of {@linkcode ParInjectSettings}.
 *
 * @internal
 */
const parInjectSettings: z.ZodType<ParInjectSettings, ParInjectSettingsInput> = z
  .strictObject({
    kind: z.literal("par_inject"),
    ...recurrentFields({
      units: 256,
      unitsOf: "width of each recurrent layer, and of the image's projection",
      wordDropout: 0.3,
      outputDropout: 0.5,
      imageScale: "none",
      imageActivation: "relu",
    }),
    imageUnits,
    dense: optionalDense,
  }).superRefine(checkRecurrent);

/**
 * The par-inject decoder (Tanti et al., 2018; Mao et al., 2015, without its second layer): the
 * recurrent layers read the photo again with every word, and the softmax stands on them alone.
 *
 * image → dropout → dense ─── at every word ──┐
 * words → embedding → dropout → concatenate → recurrent layers → dropout [→ dense, ReLU] → dense → softmax
 */
class ParInjectDecoder extends LayeredDecoder<ReturnType<typeof layersOf>> {
  readonly kind = "par_inject";
  readonly decodingCost?: string;
  readonly #settings: ParInjectSettings;
  readonly #words: WordReader;

  constructor(settings: ParInjectSettings, inputs: DecoderInputs, fused?: FusedOps) {
    const words = new WordReader(settings, inputs.vocabularySize, imageWidth(settings), fused);
    super(layersOf(settings, inputs, words, fused), inputs, settings, fused);
    this.#settings = settings;
    this.#words = words;
    this.decodingCost = words.decodingCost;
  }

  activations(words: number): number {
    const { units, embedding, dense, padding } = this.#settings;
    const joined = 2 * imageWidth(this.#settings) + embedding; // the photo repeated, and with the words
    const steps = padding === null ? words : words * padding.positions;
    return this.#words.activations(words) + steps * joined + words * (units + 2 * (dense ?? 0));
  }

  forward(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Tensor2D {
    // Dropout gives every caption a mask of its own, so that photos come one a caption.
    const photos = tf.gather(batch.features, batch.photoOf);
    const beside = this.layers.image.apply(weights, photos, random); // [captions, imageUnits]
    const words = this.#words.read(weights, batch, random, { beside }); // [words, units]
    return this.layers.dense?.apply(weights, words) ?? words;
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderStart {
    const image = this.layers.image.apply(weights, features);
    return { state: { image, ...this.#words.start(features.shape[0]) } };
  }

  step(weights: WeightTensors, before: DecoderState, words: tf.Tensor1D): DecoderStep {
    const { dense, output } = this.layers;
    const image = before.image as tf.Tensor2D;
    const { output: read, state } = this.#words.next(weights, before, words, image);
    return {
      logits: output.apply(weights, dense?.apply(weights, read) ?? read),
      state: { image: image.clone(), ...state },
    };
  }
}

function layersOf(
  settings: ParInjectSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  { embedding, recurrent }: WordReader,
  fused?: FusedOps,
) {
  const { units, dense, imageActivation: activation } = settings;
  const image = { fused, activation };
  return {
    image: imageLayer("par_inject", settings, featureShape, imageWidth(settings), image),
    embedding,
    recurrent,
    dense: dense === null ? undefined : denseLayer("dense", units, dense, "relu", fused),
    output: denseLayer("output", dense ?? units, vocabularySize),
  };
}

/** Width of what is read beside each word. */
function imageWidth({ imageUnits, units }: ParInjectSettings): number {
  return imageUnits ?? units;
}

/** The par-inject decoder. */
export const parInject: DecoderKind<ParInjectSettings, ParInjectSettingsInput> = {
  settings: parInjectSettings,
  create: (settings, inputs, fused) => new ParInjectDecoder(settings, inputs, fused),
};
