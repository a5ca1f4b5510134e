import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  denseLayer,
  type FusedOps,
  type RecurrentState,
  tiedOutput,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type { DecoderInputs, DecoderStart, DecoderState, DecoderStep } from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { imageLayer } from "./image_layer.ts";
import { LayeredDecoder } from "./layered_decoder.ts";
import {
  checkRecurrent,
  optionalDense,
  recurrentFields,
  type RecurrentSettings,
} from "./recurrent_settings.ts";
import { WordReader } from "./word_reader.ts";

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
  /**
   * Whether the softmax' kernel is the embedding, before which a linear dense layer brings the
   * recurrent layers' outputs to its width. @default {false}
   */
  tiedOutput: boolean;
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
    tiedOutput: z.boolean().default(false).describe(
      "whether the softmax' kernel is the embedding, before which a linear dense layer brings the " +
        "recurrent layers' outputs to its width",
    ),
  }).superRefine((settings, context) => {
    checkRecurrent(settings, context);
    if (!settings.tiedOutput || settings.dense === null) return;
    const message = "With tiedOutput the dense layer before the softmax is a linear one of the " +
      "embedding's width: set dense to null, or tiedOutput to false";
    context.addIssue({ code: "custom", path: ["dense"], message });
  });

/**
 * The init-inject decoder (Tanti et al., 2018; near to Vinyals et al., 2015): the photo is what the
 * recurrent layers remember before the first word, and the softmax stands on them alone.
 *
 * image → dropout → dense ─ c, tanh: h ─┐
 * words → embedding → dropout ─→ recurrent layers → dropout [→ dense] → dense → softmax
 *
 * The projection becomes the cells, its tanh the output, as an LSTM whose output gate is open would
 * have it.
 */
class InitInjectDecoder extends LayeredDecoder<ReturnType<typeof layersOf>> {
  readonly kind = "init_inject";
  readonly decodingCost?: string;
  readonly #settings: InitInjectSettings;
  readonly #words: WordReader;

  constructor(settings: InitInjectSettings, inputs: DecoderInputs, fused?: FusedOps) {
    const words = new WordReader(settings, inputs.vocabularySize, 0, fused);
    super(layersOf(settings, inputs, words, fused), inputs, settings, fused);
    this.#settings = settings;
    this.#words = words;
    this.decodingCost = words.decodingCost;
  }

  activations(words: number): number {
    const { units } = this.#settings;
    const dense = this.layers.dense?.activations ?? 0;
    return this.#words.activations(words) + words * (units + 2 * dense);
  }

  forward(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Tensor2D {
    // Dropout gives every caption a mask of its own, so that photos come one a caption.
    const initial = this.#initial(weights, tf.gather(batch.features, batch.photoOf), random);
    const words = this.#words.read(weights, batch, random, { initial }); // [words, units]
    return this.layers.dense?.apply(weights, words) ?? words;
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderStart {
    const initial = this.#initial(weights, features);
    return { state: this.#words.start(features.shape[0], initial) };
  }

  step(weights: WeightTensors, before: DecoderState, words: tf.Tensor1D): DecoderStep {
    const { dense, output } = this.layers;
    const { output: read, state } = this.#words.next(weights, before, words);
    return { logits: output.apply(weights, dense?.apply(weights, read) ?? read), state };
  }

  /** What the photo makes the layers remember. @param features [rows, width] */
  #initial(weights: WeightTensors, features: tf.Tensor, random?: Random): RecurrentState {
    const { initialOutput, injectInto } = this.#settings;
    const c = this.layers.image.apply(weights, features, random); // [rows, units]
    const h = initialOutput === "tanh" ? tf.tanh(c) : c.clone();
    const { stateNames } = this.layers.recurrent;
    return Object.fromEntries(stateNames.map((name) => {
      if (name === "h") return [name, h];
      if (name === "c") return [name, c];
      const photo = name.startsWith("h") ? h : c;
      return [name, injectInto === "all" ? photo.clone() : tf.zerosLike(photo)];
    }));
  }
}

function layersOf(
  settings: InitInjectSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  { embedding, recurrent }: WordReader,
  fused?: FusedOps,
) {
  const { units, imageActivation: activation, tiedOutput: isTied } = settings;
  const dense = isTied ? settings.embedding : settings.dense;
  return {
    image: imageLayer("init_inject", settings, featureShape, units, { fused, activation }),
    embedding,
    recurrent,
    dense: dense === null
      ? undefined
      : denseLayer("dense", units, dense, isTied ? "linear" : "relu", fused),
    output: isTied
      ? tiedOutput("output", "embedding/embeddings", vocabularySize)
      : denseLayer("output", dense ?? units, vocabularySize),
  };
}

/** The init-inject decoder. */
export const initInject: DecoderKind<InitInjectSettings, InitInjectSettingsInput> = {
  settings: initInjectSettings,
  create: (settings, inputs, fused) => new InitInjectDecoder(settings, inputs, fused),
};
