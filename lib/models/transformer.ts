import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  dropout,
  embeddingLayer,
  type FusedOps,
  layerNormLayer,
  rowGroups,
  tiedOutput,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type {
  DecoderInputs,
  DecoderStart,
  DecoderState,
  DecoderStep,
  LookedAt,
} from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { dropoutRate } from "./dropout_rate.ts";
import { type ImageScale, imageScale } from "./image_layer.ts";
import { LayeredDecoder } from "./layered_decoder.ts";
import { type PhotoPlaces, photoPlaces } from "./photo_places.ts";
import { type Seen, type TransformerLayer, transformerLayer } from "./transformer_layer.ts";
import { steps, width } from "./widths.ts";

/** Settings of the transformer. */
export interface TransformerSettings {
  /** Chooses this decoder. */
  kind: "transformer";
  /** How many layers. @default {2} */
  layers: number;
  /** Width of the words' vectors, the photo's and everything between. @default {256} */
  width: number;
  /** Attention heads of each layer, which divide `width`. @default {4} */
  heads: number;
  /** Width of the feed-forward layers. @default {512} */
  feedForward: number;
  /** Longest caption in words: there is a learned vector for each position. @default {60} */
  maxWords: number;
  /** Dropout on the photo's places, in [0, 1). @default {0.15} */
  imageDropout: number;
  /** Dropout on the words' vectors. @default {0.15} */
  wordDropout: number;
  /** Dropout on what each part of a layer adds. @default {0.15} */
  layerDropout: number;
  /** Scale of a photo's vector, or of each place's. @default {"none"} */
  imageScale: ImageScale;
}

/** The same as they are written: what is left out gets its default. */
export type TransformerSettingsInput =
  & Pick<TransformerSettings, "kind">
  & Partial<Omit<TransformerSettings, "kind">>;

/**
 * Schema of {@linkcode TransformerSettings}.
 *
 * @internal
 */
const transformerSettings: z.ZodType<TransformerSettings, TransformerSettingsInput> = z
  .strictObject({
    kind: z.literal("transformer"),
    layers: z.int().min(1).max(64).default(2).describe("layers, one on top of the other"),
    width: width.default(256).describe(
      "width of the words' vectors, of the photo's places and of all between; heads divides it",
    ),
    heads: z.int().min(1).max(64).default(4).describe("attention heads of each layer"),
    feedForward: width.default(512).describe("width of the feed-forward layers"),
    maxWords: steps.default(60).describe(
      "longest caption in words: each position has a vector that is learned",
    ),
    imageDropout: dropoutRate.default(0.15).describe("dropout on the photo's places"),
    wordDropout: dropoutRate.default(0.15).describe("dropout on the words' vectors"),
    layerDropout: dropoutRate.default(0.15).describe("dropout on what each part of a layer adds"),
    imageScale: imageScale("none"),
  }).superRefine(({ width, heads }, context) => {
    if (width % heads === 0) return;
    const message = `It must divide width, which is ${width}`;
    context.addIssue({ code: "custom", path: ["heads"], message });
  });

/**
 * The transformer (Vaswani et al., 2017), its decoder half, with layer norms before instead of after:
 *
 * grid → dense, positions → layer norm → dropout ───────────────────────────────┐
 * words → embedding, positions → dropout → attention to words, to places, dense layers (× layers)
 *                                        → layer norm → embedding transposed, bias → softmax
 */
class TransformerDecoder extends LayeredDecoder<ReturnType<typeof layersOf>> {
  readonly kind = "transformer";
  readonly maxWords: number;
  readonly #settings: TransformerSettings;
  readonly #photo: PhotoPlaces;
  readonly #stack: TransformerLayer[];

  constructor(settings: TransformerSettings, inputs: DecoderInputs, fused?: FusedOps) {
    const photo = photoPlaces("transformer", settings, inputs.featureShape, fused);
    const stack = Array.from(
      { length: settings.layers },
      (_, i) => transformerLayer(`layer_${i + 1}`, settings, fused),
    );
    const layers = layersOf(settings, inputs, photo, stack);
    super(layers, inputs, { trainEmbedding: true }, fused);
    this.maxWords = settings.maxWords;
    this.#settings = settings;
    this.#photo = photo;
    this.#stack = stack;
  }

  activations(words: number): number {
    const { width, heads, layers } = this.#settings;
    const { places } = this.#photo;
    const word = this.#stack.reduce((sum, { activations }) => sum + activations, 0) + 8 * width;
    const shares = 4 * layers * heads * (words + places);
    return words * (word + shares) + 6 * places * width; // where each caption has a photo of its own
  }

  forward(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Tensor2D {
    const { inputs, positions } = batch;
    const flat = tf.reshape(inputs, [-1]) as tf.Tensor1D;
    const words = positions ? tf.gather(flat, positions) : flat;
    const { captionOf, at } = wordsOf(batch);
    const places = this.#photo.apply(weights, batch.features, random);
    const seen = seenOf(batch, captionOf, places);
    let x = this.#embed(weights, words, at, random); // [words, width]
    for (const layer of this.#stack) x = layer.apply(weights, x, seen, random);
    return this.layers.norm.apply(weights, x);
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderStart {
    return { state: {}, photos: { places: this.#photo.apply(weights, features) } };
  }

  step(
    weights: WeightTensors,
    before: DecoderState,
    words: tf.Tensor1D,
    { photos, groups }: LookedAt,
  ): DecoderStep {
    const position = before.keys_1?.shape[2] ?? 0;
    const seen = { places: photos.places as tf.Tensor3D, photos: groups };
    const state: DecoderState = {};
    let x = this.#embed(weights, words, [position]);
    let shares: tf.Tensor3D | undefined;
    for (const [i, layer] of this.#stack.entries()) {
      const [keys, values] = [`keys_${i + 1}`, `values_${i + 1}`];
      const read = position === 0 ? undefined : {
        keys: before[keys] as tf.Tensor4D,
        values: before[values] as tf.Tensor4D,
      };
      const next = layer.step(weights, x, seen, read);
      ({ x, shares } = next);
      state[keys] = next.words.keys;
      state[values] = next.words.values;
    }
    const logits = this.layers.output.apply(weights, this.layers.norm.apply(weights, x));
    if (!this.#photo.isGrid) return { logits, state };
    return { logits, state, attention: groups.unpad(tf.mean(shares!, 1)) };
  }

  /**
   * The words' vectors, scaled as in the original, so that they stand beside what the layers add.
   *
   * @param words int32 [words]
   * @param at position of each, or of all
   * @returns [words, width]
   * @throws {RangeError} if there is none for the last
   */
  #embed(
    weights: WeightTensors,
    words: tf.Tensor1D,
    at: readonly number[],
    random?: Random,
  ): tf.Tensor2D {
    const { width, wordDropout } = this.#settings;
    const { embedding, positions } = this.layers;
    const last = at.reduce((last, position) => Math.max(last, position), 0);
    if (last > this.maxWords) { // the start marker has the first position
      throw new RangeError(
        `A caption has ${last} words, but the transformer decoder has positions for ` +
          `${this.maxWords}: set a larger model.maxWords and train again`,
      );
    }
    const placed = positions.apply(weights, tf.tensor1d([...at], "int32"));
    const sum = tf.add(embedding.apply(weights, words), placed);
    return dropout(tf.mul(sum, Math.sqrt(width)) as tf.Tensor2D, wordDropout, random, this.fused);
  }
}

/** Caption and position of each of a batch's words, in its order: time first. */
function wordsOf({ lengths, captions, time }: CaptionBatch) {
  const captionOf: number[] = [];
  const at: number[] = [];
  for (let position = 0; position < time; position++) {
    for (let caption = 0; caption < captions; caption++) {
      if (lengths[caption] <= position) continue;
      captionOf.push(caption);
      at.push(position);
    }
  }
  return { captionOf, at };
}

/**
 * What a batch's words look at. All of a photo's captions look at it together where that fills up less;
 * otherwise each caption has a copy of its own.
 *
 * @param captionOf each word's caption
 * @param places [photos, places, width]
 */
function seenOf(
  { captions, photoRows, photoOf }: CaptionBatch,
  captionOf: readonly number[],
  places: tf.Tensor3D,
): Seen {
  const apart = rowGroups(captionOf, captions);
  const together = rowGroups(captionOf.map((caption) => photoRows[caption]), places.shape[0]);
  return together.groups * together.size <= apart.groups * apart.size
    ? { captions: apart, places, photos: together }
    : { captions: apart, places: tf.gather(places, photoOf), photos: apart };
}

function layersOf(
  { width, maxWords }: TransformerSettings,
  { vocabularySize }: DecoderInputs,
  { layers }: PhotoPlaces,
  stack: TransformerLayer[],
) {
  return {
    ...layers,
    embedding: embeddingLayer("embedding", vocabularySize, width),
    positions: embeddingLayer("positions", maxWords + 1, width),
    ...Object.fromEntries(stack.map((layer, i) => [`layer_${i + 1}`, layer])),
    norm: layerNormLayer("norm", width),
    output: tiedOutput("output", "embedding/embeddings", vocabularySize),
  };
}

/** The transformer. */
export const transformer: DecoderKind<TransformerSettings, TransformerSettingsInput> = {
  settings: transformerSettings,
  create: (settings, inputs, fused) => new TransformerDecoder(settings, inputs, fused),
};
