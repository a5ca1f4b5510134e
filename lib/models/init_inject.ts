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
  type LstmState,
  type Weights,
  weightShapes,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type { Decoder, DecoderInputs, DecoderState, DecoderStep } from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { imageLayer } from "./image_layer.ts";
import {
  checkRecurrent,
  notYet,
  optionalDense,
  recurrentFields,
  type RecurrentSettings,
} from "./recurrent_settings.ts";

/** Settings of the init-inject decoder. */
export interface InitInjectSettings extends RecurrentSettings {
  /** Chooses this decoder. */
  kind: "init_inject";
  /**
   * The recurrent layers' output before the first word: the tanh of the photo's projection, or the
   * projection itself. An LSTM's cells are the projection either way.
   *
   * @default {"tanh"}
   */
  initialOutput: "tanh" | "projection";
  /** The recurrent layers that start with the photo; the others start with zeros. @default {"all"} */
  injectInto: "all" | "first";
  /** Width of a dense layer with ReLU before the softmax; null: none. @default {null} */
  dense: number | null;
}

/** The same as they are written: what is left out gets its default. */
export type InitInjectSettingsInput =
  & Pick<InitInjectSettings, "kind">
  & Partial<Omit<InitInjectSettings, "kind">>;

/**
 * Schema of {@linkcode InitInjectSettings}.
 *
 * @internal
 */
const initInjectSettings: z.ZodType<InitInjectSettings, InitInjectSettingsInput> = z
  .strictObject({
    kind: z.literal("init_inject"),
    ...recurrentFields({
      units: 512,
      unitsOf: "width of each recurrent layer, and of the image's projection",
      wordDropout: 0.3,
      outputDropout: 0.5,
      // The projection is the LSTM's cells: features of any size would saturate them from the start.
      imageScale: "meanSquare",
      imageActivation: "linear",
    }),
    initialOutput: z.enum(["tanh", "projection"]).default("tanh").describe(
      "the recurrent layers' output before the first word: the tanh of the image's projection, or " +
        "the projection itself; an LSTM's cells are the projection either way",
    ),
    injectInto: z.enum(["all", "first"]).default("all").describe(
      "the recurrent layers that start with the photo: all of them, or the first; the others start " +
        "with zeros",
    ),
    dense: optionalDense,
  }).superRefine(checkRecurrent);

/**
 * The init-inject decoder (Tanti et al., 2018; near to Vinyals et al., 2015): the photo is what the
 * LSTM remembers before the first word, and the softmax stands on the LSTM alone.
 *
 * image → dropout → dense ─ c, tanh: h ─┐
 * words → embedding → dropout ────────→ LSTM → dropout → dense → softmax
 *
 * The projection becomes the cells, its tanh the output, as an LSTM whose output gate is open would
 * have it.
 */
class InitInjectDecoder implements Decoder {
  readonly kind = "init_inject";
  readonly vocabularySize: number;
  readonly weightShapes: ReadonlyMap<string, number[]>;
  readonly fused?: FusedOps;
  readonly #settings: InitInjectSettings;
  readonly #layers: ReturnType<typeof layersOf>;

  constructor(settings: InitInjectSettings, inputs: DecoderInputs, fused?: FusedOps) {
    notYet(settings, settings.padding !== null || settings.dense !== null);
    this.vocabularySize = inputs.vocabularySize;
    this.fused = fused;
    this.#settings = settings;
    this.#layers = layersOf(settings, inputs, fused);
    this.weightShapes = weightShapes(Object.values(this.#layers));
  }

  initialWeights(seed: number): Weights {
    return initialWeights(Object.values(this.#layers), seed);
  }

  activations(words: number): number {
    const { embedding, lstm } = this.#layers;
    return words * (2 * embedding.activations + lstm.activations + 2 * this.#settings.units);
  }

  forward(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Tensor2D {
    const { units, wordDropout, outputDropout } = this.#settings;
    const { embedding, lstm } = this.#layers;
    // Dropout gives every caption a mask of its own, so that photos come one a caption.
    const initial = this.#initial(weights, tf.gather(batch.features, batch.photoOf), random);
    const words = embedding.apply(weights, batch.inputs) as tf.Tensor3D; // [time, captions, embedding]
    const outputs = lstm.apply(
      weights,
      dropout(words, wordDropout, random, this.fused),
      initial,
    ); // [time, captions, units]
    let hidden = tf.reshape(outputs, [-1, units]) as tf.Tensor2D;
    if (batch.positions) hidden = tf.gather(hidden, batch.positions); // [words, units]
    return dropout(hidden, outputDropout, random, this.fused);
  }

  head(weights: WeightTensors): { kernel: tf.Tensor2D; bias: tf.Tensor1D } {
    return this.#layers.output.arrays(weights);
  }

  penalty(): undefined {
    return undefined;
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderState {
    return this.#initial(weights, features);
  }

  step(weights: WeightTensors, before: DecoderState, words: tf.Tensor1D): DecoderStep {
    const { embedding, lstm, output } = this.#layers;
    const embedded = embedding.apply(weights, words) as tf.Tensor2D; // [rows, embedding]
    const state = lstm.step(weights, embedded, before as LstmState);
    return { logits: output.apply(weights, state.h), state };
  }

  /** What the photo makes the LSTM remember. @param features [rows, width] */
  #initial(weights: WeightTensors, features: tf.Tensor, random?: Random): LstmState {
    const c = this.#layers.image.apply(weights, features, random); // [rows, units]
    return { h: tf.tanh(c), c };
  }
}

function layersOf(
  settings: InitInjectSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  fused?: FusedOps,
) {
  const { embedding, units } = settings;
  return {
    image: imageLayer("init_inject", settings, featureShape, units, {
      fused,
      activation: "linear",
    }),
    embedding: embeddingLayer("embedding", vocabularySize, embedding),
    lstm: lstmLayer("lstm", embedding, units, fused),
    output: denseLayer("output", units, vocabularySize),
  } satisfies Record<string, Layer>;
}

/** The init-inject decoder. */
export const initInject: DecoderKind<InitInjectSettings, InitInjectSettingsInput> = {
  settings: initInjectSettings,
  create: (settings, inputs, fused) => new InitInjectDecoder(settings, inputs, fused),
};
