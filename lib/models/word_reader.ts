import * as tf from "@tensorflow/tfjs";
import {
  dropout,
  type EmbeddingLayer,
  embeddingLayer,
  type FusedOps,
  type RecurrentLayers,
  recurrentLayers,
  type RecurrentState,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type { DecoderState } from "./decoder.ts";
import { padEveryPrefix, padPrefixes } from "./padded_words.ts";
import type { RecurrentSettings } from "./recurrent_settings.ts";

/** What the recurrent layers get of a photo, a row for each caption. */
export interface InjectedPhoto {
  /** Read before each word's embedding, in one vector with it [captions, width]. */
  beside?: tf.Tensor2D;
  /** The state before the first word; zeros without it. */
  initial?: RecurrentState;
}

/** The words so far, read by recurrent layers: embedding → dropout → recurrent layers → dropout. */
export class WordReader {
  /** The layer that words are looked up in. */
  readonly embedding: EmbeddingLayer;
  /** The layers that read them. */
  readonly recurrent: RecurrentLayers;
  /** One sentence on what decoding costs beyond a step a word. */
  readonly decodingCost?: string;
  readonly #settings: RecurrentSettings;
  readonly #fused?: FusedOps;

  /** @param beside width of what is read beside each word's embedding */
  constructor(
    settings: RecurrentSettings & { kind: string },
    vocabularySize: number,
    beside: number,
    fused?: FusedOps,
  ) {
    const { kind, embedding, padding } = settings;
    this.embedding = embeddingLayer("embedding", vocabularySize, embedding);
    this.recurrent = recurrentLayers(beside + embedding, settings, fused);
    this.#settings = settings;
    this.#fused = fused;
    if (padding !== null) {
      this.decodingCost = `This ${kind} decoder reads its padding too, so that the ` +
        `${padding.positions} positions of a prefix are read again for every word`;
    }
  }

  /** Numbers that a training step keeps for a caption of so many words. */
  activations(words: number): number {
    const { units, padding } = this.#settings;
    const steps = padding === null ? words : words * padding.positions;
    return steps * (2 * this.embedding.activations + this.recurrent.activations + units);
  }

  /**
   * Reads whole captions.
   *
   * @param random where dropout's masks come from; no dropout without it
   * @returns the last layer's output at each word of the batch [words, units]
   */
  read(
    weights: WeightTensors,
    { inputs, positions, time }: CaptionBatch,
    random?: Random,
    photo: InjectedPhoto = {},
  ): tf.Tensor2D {
    const { units, padding, outputDropout } = this.#settings;
    let words = padding === null
      ? tf.reshape(this.#over(weights, inputs, photo, random), [-1, units]) as tf.Tensor2D
      : this.#overPadded(weights, padEveryPrefix(inputs, padding), repeated(photo, time), random);
    if (positions) words = tf.gather(words, positions); // of all positions [words, units]
    return dropout(words, outputDropout, random, this.#fused);
  }

  /** What is remembered before the first word. @param rows how many photos */
  start(rows: number, initial?: RecurrentState): DecoderState {
    if (this.#settings.padding !== null) return { ...initial };
    return initial ?? this.recurrent.start(rows);
  }

  /**
   * Reads one word more; where padding is read, the words so far, kept as `read` [rows, words],
   * and their padding again.
   *
   * @param words int32 [rows]
   * @param beside read with the word [rows, width]
   */
  next(
    weights: WeightTensors,
    before: DecoderState,
    words: tf.Tensor1D,
    beside?: tf.Tensor2D,
  ): { output: tf.Tensor2D; state: DecoderState } {
    const { padding } = this.#settings;
    if (padding === null) {
      const embedded = this.embedding.apply(weights, words) as tf.Tensor2D; // [rows, embedding]
      const x = beside ? tf.concat([beside, embedded], 1) as tf.Tensor2D : embedded;
      const state = this.recurrent.step(weights, x, before);
      return { output: this.recurrent.output(state), state };
    }
    const now = tf.expandDims(words, 1) as tf.Tensor2D;
    const read = "read" in before ? tf.concat([before.read as tf.Tensor2D, now], 1) : now;
    const hasInitial = "h" in before;
    const initial = hasInitial ? before as RecurrentState : undefined;
    const output = this.#overPadded(weights, padPrefixes(read, padding), { beside, initial });
    const kept = hasInitial ? this.recurrent.stateNames : [];
    return {
      output,
      state: { read, ...Object.fromEntries(kept.map((name) => [name, before[name].clone()])) },
    };
  }

  /** Outputs at every position. @param words [time, rows] @returns [time, rows, units] */
  #over(
    weights: WeightTensors,
    words: tf.Tensor2D,
    { beside, initial }: InjectedPhoto,
    random?: Random,
  ): tf.Tensor3D {
    const looked = this.embedding.apply(weights, words) as tf.Tensor3D; // [time, rows, embedding]
    const embedded = dropout(looked, this.#settings.wordDropout, random, this.#fused);
    const x = beside
      ? tf.concat([tf.tile(tf.expandDims(beside, 0), [words.shape[0], 1, 1]), embedded], 2)
      : embedded;
    return this.recurrent.apply(weights, x as tf.Tensor3D, { initial, random });
  }

  /** The output at the last position. @param words [positions, rows] @returns [rows, units] */
  #overPadded(
    weights: WeightTensors,
    words: tf.Tensor2D,
    photo: InjectedPhoto,
    random?: Random,
  ): tf.Tensor2D {
    const [positions, rows] = words.shape;
    const outputs = this.#over(weights, words, photo, random);
    return tf.reshape(tf.slice(outputs, [positions - 1, 0, 0], [1, rows, -1]), [rows, -1]);
  }
}

/** A photo's part for the prefixes that end at each of `time` words, side by side. */
function repeated({ beside, initial }: InjectedPhoto, time: number): InjectedPhoto {
  const tiled = (x: tf.Tensor2D) => tf.tile(x, [time, 1]);
  return {
    beside: beside && tiled(beside),
    initial: initial && Object.fromEntries(
      Object.entries(initial).map(([name, part]) => [name, tiled(part)]),
    ),
  };
}
