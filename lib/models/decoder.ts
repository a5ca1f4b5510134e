import type * as tf from "@tensorflow/tfjs";
import type { FusedOps, RowGroups, Weights, WeightTensors } from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";

/** What the data decide about a decoder. */
export interface DecoderInputs {
  /** Words including padding, markers and the unknown word. */
  vocabularySize: number;
  /** Shape of one photo's feature. */
  featureShape: number[];
}

/** What a decoder remembers between words: named tensors whose first axis is the row. */
export type DecoderState = Record<string, tf.Tensor>;

/** What a decoder has before the first word. */
export interface DecoderStart {
  /** One row a photo. */
  state: DecoderState;
  /**
   * What all rows of a photo look at, and no word changes: named tensors whose first axis is the photo.
   * Absent where they look at nothing but their state.
   */
  photos?: Record<string, tf.Tensor>;
}

/** Photos, and the rows that look at them. */
export interface LookedAt {
  /** As {@linkcode DecoderStart.photos}; nothing where a decoder has none. */
  photos: Record<string, tf.Tensor>;
  /** Which rows look at which photo. */
  groups: RowGroups;
}

/** Result of reading one word. */
export interface DecoderStep {
  /** Unnormalised log probabilities of the next word [rows, vocabulary]. */
  logits: tf.Tensor2D;
  /** The state after the word. */
  state: DecoderState;
  /** How much of each region of the photo the word was given [rows, regions], where it is known. */
  attention?: tf.Tensor2D;
}

/** Takes a scalar that a decoder adds to the loss of a batch, besides that of its words. */
export type AddLoss = (penalty: tf.Scalar) => void;

/**
 * Features and words read so far → the next word. Weights come from outside and go back there; what
 * training minimises is up to an objective.
 */
export interface Decoder {
  /** Registry name, e.g. `merge`. */
  readonly kind: string;
  /** Words that it chooses from, padding and markers included. */
  readonly vocabularySize: number;
  /** One sentence on what decoding costs beyond a step a word; undefined where nothing. */
  readonly decodingCost?: string;
  /** Words of the longest caption that it reads or makes; undefined: any. */
  readonly maxWords?: number;
  /** Name and shape of every weight, in Keras' order. */
  readonly weightShapes: ReadonlyMap<string, number[]>;
  /** Names of the weights that training leaves as they are. */
  readonly frozen: ReadonlySet<string>;
  /** The engine's fused operations, which an objective uses as well; undefined where it has none. */
  readonly fused?: FusedOps;
  /** Weights to start training from, by Keras' initializers. */
  initialWeights(seed: number): Weights;
  /**
   * Roughly how many numbers a training step keeps for one caption of this many words (markers
   * included) until its gradients are known, the output layer's logits left out: by this a
   * batch is cut where it would take too much memory.
   */
  activations(words: number): number;
  /** The same of a photo, whatever the number of its captions, beside these. @default {0} */
  readonly photoActivations?: number;
  /**
   * Teacher forcing over whole captions.
   *
   * @param dropout where dropout's masks come from; no dropout without it
   * @param addLoss asked for in training: what the decoder penalises in this batch
   * @returns what the output layer reads at each word of the batch [words, width]
   */
  forward(
    weights: WeightTensors,
    batch: CaptionBatch,
    dropout?: Random,
    addLoss?: AddLoss,
  ): tf.Tensor2D;
  /** The output layer: kernel [width, vocabulary] and bias [vocabulary]. */
  head(weights: WeightTensors): { kernel: tf.Tensor2D; bias: tf.Tensor1D };
  /** The penalty on the weights that training adds to the loss; undefined if there is none. */
  penalty(weights: WeightTensors): tf.Scalar | undefined;
  /** Before the first word. @param features [photos, ...featureShape] */
  start(weights: WeightTensors, features: tf.Tensor): DecoderStart;
  /** Reads one word in every row. @param words int32 [rows] */
  step(
    weights: WeightTensors,
    state: DecoderState,
    words: tf.Tensor1D,
    seen: LookedAt,
  ): DecoderStep;
}

/** How many numbers a decoder's weights are, frozen ones included. */
export function parameterCount(decoder: Pick<Decoder, "weightShapes">): number {
  let count = 0;
  for (const shape of decoder.weightShapes.values()) {
    count += shape.reduce((product, length) => product * length, 1);
  }
  return count;
}
