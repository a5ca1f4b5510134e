import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  attentionLstmLayer,
  type AttentionMemory,
  denseLayer,
  dropout,
  embeddingLayer,
  type FusedOps,
  layerNormLayer,
  type LstmState,
  tiedOutput,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import { captionRows } from "./caption_rows.ts";
import type {
  AddLoss,
  DecoderInputs,
  DecoderStart,
  DecoderState,
  DecoderStep,
  LookedAt,
} from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { dropoutRate } from "./dropout_rate.ts";
import { LayeredDecoder } from "./layered_decoder.ts";
import { trainEmbedding } from "./recurrent_settings.ts";
import { width } from "./widths.ts";

/** Settings of the attention decoder. */
export interface AttentionSettings {
  /** Chooses this decoder. */
  kind: "attention";
  /** Width of a word's embedding. @default {256} */
  embedding: number;
  /** Whether training changes the embedding. @default {true} */
  trainEmbedding: boolean;
  /** Width of the LSTM. @default {512} */
  units: number;
  /** Width of a region's projection, and of all heads together. @default {256} */
  regionUnits: number;
  /** Attention heads, each with its part of `regionUnits`. @default {4} */
  heads: number;
  /** Whether it can look at what it remembers in place of the photo. @default {false} */
  adaptive: boolean;
  /** Whether the softmax' kernel is the embedding. @default {true} */
  tiedOutput: boolean;
  /** Dropout on the regions' projections, in [0, 1). @default {0.3} */
  imageDropout: number;
  /** Dropout on the words' embeddings. @default {0.5} */
  wordDropout: number;
  /** Dropout on the LSTM's outputs and on what it saw. @default {0.5} */
  outputDropout: number;
  /**
   * Weight of the doubly stochastic penalty: in training, a caption adds to its batch's mean loss so
   * many times Σ (1 − Σ share)², over regions and words. @default {0}
   */
  attentionPenalty: number;
}

/** The same as they are written: what is left out gets its default. */
export type AttentionSettingsInput =
  & Pick<AttentionSettings, "kind">
  & Partial<Omit<AttentionSettings, "kind">>;

/**
 * Schema of {@linkcode AttentionSettings}.
 *
 * @internal
 */
const attentionSettings: z.ZodType<AttentionSettings, AttentionSettingsInput> = z.strictObject({
  kind: z.literal("attention"),
  embedding: width.default(256).describe("width of a word's embedding"),
  trainEmbedding,
  units: width.default(512).describe("width of the LSTM"),
  regionUnits: width.default(256).describe(
    "width of the projection of each region of the photo, and of all heads together",
  ),
  heads: z.int().min(1).max(64).default(4).describe(
    "attention heads, each with its part of regionUnits",
  ),
  adaptive: z.boolean().default(false).describe(
    "whether it can look at what it remembers in place of the photo (a sentinel)",
  ),
  tiedOutput: z.boolean().default(true).describe(
    "whether the softmax' kernel is the embedding, transposed; false: one of its own",
  ),
  imageDropout: dropoutRate.default(0.3).describe("dropout on the regions' projections"),
  wordDropout: dropoutRate.default(0.5).describe("dropout on the words' embeddings"),
  outputDropout: dropoutRate.default(0.5).describe(
    "dropout on the LSTM's outputs and on what it saw of the photo",
  ),
  attentionPenalty: z.number().min(0).default(0).describe(
    "weight of the penalty that makes the regions' shares add up to 1 over a caption's words, so " +
      "that no region is left out: Σ (1 − Σ share)² of a caption, in training alone",
  ),
}).superRefine(({ heads, regionUnits }, context) => {
  if (regionUnits % heads === 0) return;
  const message = `It does not divide regionUnits, which is ${regionUnits}: set one of them ` +
    `so that each head has the same part`;
  context.addIssue({ code: "custom", path: ["heads"], message });
});

/**
 * The attention decoder (near to Xu et al., 2015): an LSTM that for every word chooses which regions
 * of the photo it looks at.
 *
 * grid → dense, ReLU → layer norm → dropout ─┬─ mean → dense, tanh → the LSTM's first state
 *                                            └─ attention ← the output before
 *                                                   gate → context ─┐
 * words → embedding → dropout ──────────────────────────────────→ LSTM → beside the context →
 *                                                          dropout → dense → softmax
 *
 * Attention has several heads. Regions are projected once a photo.
 */
class AttentionDecoder extends LayeredDecoder<ReturnType<typeof layersOf>> {
  readonly kind = "attention";
  readonly #settings: AttentionSettings;
  readonly #regions: number;

  constructor(settings: AttentionSettings, inputs: DecoderInputs, fused?: FusedOps) {
    super(layersOf(settings, inputs, fused), inputs, settings, fused);
    this.#settings = settings;
    const [rows, columns] = inputs.featureShape;
    this.#regions = rows * columns;
  }

  activations(words: number): number {
    const { units, regionUnits, heads } = this.#settings;
    const { image, norm, embedding, lstm, hidden } = this.layers;
    const perRegion = 2 * image.activations + norm.activations + 6 * regionUnits;
    const perWord = 2 * embedding.activations + lstm.activations + hidden.activations +
      2 * (units + regionUnits) + 4 * heads * this.#regions;
    return this.#regions * perRegion + words * perWord;
  }

  forward(
    weights: WeightTensors,
    batch: CaptionBatch,
    random?: Random,
    addLoss?: AddLoss,
  ): tf.Tensor2D {
    const { wordDropout, attentionPenalty, units, regionUnits } = this.#settings;
    const { embedding, lstm } = this.layers;
    const { initial, memory } = this.#look(weights, batch.features, random);
    const rows = captionRows(batch);
    const repeated = (x: tf.Tensor2D) => rows.repeated(x) as tf.Tensor2D;
    const embedded = embedding.apply(weights, rows.inputs(batch)) as tf.Tensor2D;
    const read = rows.ofWords(lstm.apply(
      weights,
      dropout(embedded, wordDropout, random, this.fused),
      rows.steps,
      { h: repeated(initial.h), c: repeated(initial.c) },
      { keys: rows.seen(memory.keys), values: rows.seen(memory.values) },
    )); // [words, units + regionUnits + regions]
    if (addLoss && attentionPenalty > 0) {
      const shares = tf.slice(read, [0, units + regionUnits], [-1, this.#regions]);
      addLoss(tf.mul(doublyStochastic(shares, batch), attentionPenalty));
    }
    const all = tf.slice(read, [0, 0], [-1, units + regionUnits]); // without the shares
    return this.#hidden(weights, all, random);
  }

  /**
   * The photos' regions are projected here: all that is looked at are their `keys` and `values`
   * [photos, heads, regions, regionUnits / heads].
   */
  start(weights: WeightTensors, features: tf.Tensor): DecoderStart {
    const { initial, memory } = this.#look(weights, features);
    return { state: initial, photos: { ...memory } };
  }

  /** With a sentinel, what `attention` lacks of 1 in a row is the sentinel's share. */
  step(
    weights: WeightTensors,
    before: DecoderState,
    words: tf.Tensor1D,
    { photos: { keys, values }, groups }: LookedAt,
  ): DecoderStep {
    const { embedding, lstm, output } = this.layers;
    const embedded = embedding.apply(weights, words) as tf.Tensor2D;
    const memory = { keys, values } as AttentionMemory;
    const { after, context, shares } = lstm.step(
      weights,
      embedded,
      before as LstmState,
      memory,
      groups,
    );
    const hidden = this.#hidden(weights, tf.concat([after.h, context], 1) as tf.Tensor2D);
    return {
      logits: output.apply(weights, hidden),
      state: after,
      attention: groups.unpad(tf.reshape(tf.mean(shares, 1), [-1, this.#regions])),
    };
  }

  /** What photos make the LSTM start with and look at. @param features [photos, ...grid] */
  #look(
    weights: WeightTensors,
    features: tf.Tensor,
    random?: Random,
  ): { initial: LstmState; memory: AttentionMemory } {
    const { regionUnits, imageDropout } = this.#settings;
    const { image, norm, initial, lstm } = this.layers;
    const flat = tf.reshape(features, [-1, features.shape.at(-1)!]) as tf.Tensor2D;
    const { kernel, bias } = image.arrays(weights);
    // Not fused: its gradient would compute that of the grid as well, which nothing asks for.
    const product = (this.fused?.matMul ?? tf.matMul)(flat, kernel) as tf.Tensor2D;
    const normal = norm.apply(weights, tf.relu(tf.add(product, bias)) as tf.Tensor2D);
    const dropped = dropout(normal, imageDropout, random, this.fused);
    const regions = tf.reshape(dropped, [-1, this.#regions, regionUnits]) as tf.Tensor3D;
    const first = initial.apply(weights, tf.mean(regions, 1) as tf.Tensor2D);
    const [h, c] = tf.split(first, 2, 1) as tf.Tensor2D[];
    return { initial: { h, c }, memory: lstm.project(weights, regions) };
  }

  /** What the output layer reads. @param read outputs and contexts [rows, units + regionUnits] */
  #hidden(weights: WeightTensors, read: tf.Tensor2D, random?: Random): tf.Tensor2D {
    const dropped = dropout(read, this.#settings.outputDropout, random, this.fused);
    return this.layers.hidden.apply(weights, dropped);
  }
}

/**
 * How far the regions' shares, added up over a caption's words, are from 1 (Xu et al., 2015): the
 * sum of squares over regions, the mean over captions.
 *
 * @param shares [words, regions]
 */
function doublyStochastic(
  shares: tf.Tensor2D,
  { captions, captionOf }: CaptionBatch,
): tf.Scalar {
  const sums = tf.unsortedSegmentSum(shares, captionOf, captions);
  return tf.div(tf.sum(tf.square(tf.sub(1, sums))), captions);
}

function layersOf(
  settings: AttentionSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  fused?: FusedOps,
) {
  if (featureShape.length !== 3) {
    throw new RangeError(
      `The attention decoder takes a grid of regions a photo, but the encoder gives ` +
        `[${featureShape}]: set encoder.layer to one before the average over the grid ` +
        `(mobilenet_v2: "out_relu"), or, of an onnx encoder, encoder.take to "grid"`,
    );
  }
  const { embedding, units, regionUnits, heads, adaptive } = settings;
  return {
    image: denseLayer("image", featureShape[2], regionUnits, "relu", fused),
    norm: layerNormLayer("norm", regionUnits),
    initial: denseLayer("initial", regionUnits, 2 * units, "tanh", fused),
    embedding: embeddingLayer("embedding", vocabularySize, embedding),
    lstm: attentionLstmLayer("attention_lstm", {
      inputs: embedding,
      units,
      width: regionUnits,
      heads,
      hasSentinel: adaptive,
    }, fused),
    hidden: denseLayer("hidden", units + regionUnits, embedding, "linear", fused),
    output: settings.tiedOutput
      ? tiedOutput("output", "embedding/embeddings", vocabularySize)
      : denseLayer("output", embedding, vocabularySize),
  };
}

/** The attention decoder. */
export const attention: DecoderKind<AttentionSettings, AttentionSettingsInput> = {
  settings: attentionSettings,
  create: (settings, inputs, fused) => new AttentionDecoder(settings, inputs, fused),
};
