import * as tf from "@tensorflow/tfjs";
import { type RowGroups, rowGroups, type WeightTensors } from "../nn/mod.ts";
import type { Decoder, DecoderStart, DecoderStep } from "./decoder.ts";

/** The part of a decoder that makes captions word by word. */
export type DecoderSteps = Pick<Decoder, "vocabularySize" | "start" | "step">;

/**
 * Captions that grow side by side, a row each, with what the decoder remembers of them. What the rows of
 * a photo look at is there once.
 */
export class DecoderRows {
  readonly #decoder: DecoderSteps;
  readonly #weights: WeightTensors;
  #now: Required<DecoderStart>;
  #photoOf: number[];
  #groups: RowGroups;

  /** One row a photo, before the first word. @param features [photos, ...featureShape] */
  constructor(decoder: DecoderSteps, weights: WeightTensors, features: tf.Tensor) {
    this.#decoder = decoder;
    this.#weights = weights;
    this.#now = tf.tidy(() => {
      const { state, photos = {} } = decoder.start(weights, features);
      return { state, photos };
    });
    this.#photoOf = Array.from({ length: features.shape[0] }, (_, photo) => photo);
    this.#groups = rowGroups(this.#photoOf, this.#photoOf.length);
  }

  /**
   * Reads one word in every row.
   *
   * @param use what is made of the step; its tensors remain
   */
  read<Made extends tf.TensorContainer>(
    words: readonly number[],
    use: (step: Omit<DecoderStep, "state">) => Made,
  ): Made {
    const { state, photos } = this.#now;
    const seen = { photos, groups: this.#groups };
    const { next, made } = tf.tidy(() => {
      const read = tf.tensor1d([...words], "int32");
      const { state: next, ...step } = this.#decoder.step(this.#weights, state, read, seen);
      return { next, made: use(step) };
    });
    tf.dispose(state);
    this.#now = { state: next, photos };
    return made;
  }

  /** The rows that go on, in any order; a row may be repeated. */
  select(rows: readonly number[]): void {
    if (rows.length === this.#photoOf.length && rows.every((row, i) => row === i)) return;
    const before = this.#now;
    const photoOf = rows.map((row) => this.#photoOf[row]);
    const left = [...new Set(photoOf)].sort((a, b) => a - b);
    this.#now = tf.tidy(() => ({
      state: gathered(before.state, rows),
      photos: left.length === this.#groups.groups ? before.photos : gathered(before.photos, left),
    }));
    tf.dispose(before.state);
    if (this.#now.photos !== before.photos) tf.dispose(before.photos);
    const numberOf = new Map(left.map((photo, number) => [photo, number]));
    this.#photoOf = photoOf.map((photo) => numberOf.get(photo)!);
    this.#groups = rowGroups(this.#photoOf, left.length);
  }

  /** Frees all that is remembered. */
  dispose(): void {
    tf.dispose(this.#now);
  }
}

function gathered(all: Record<string, tf.Tensor>, rows: readonly number[]) {
  const index = tf.tensor1d([...rows], "int32");
  return Object.fromEntries(
    Object.entries(all).map(([name, tensor]) => [name, tf.gather(tensor, index)]),
  );
}
