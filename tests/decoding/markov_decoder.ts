import * as tf from "@tensorflow/tfjs";
import type { Decoder, DecoderStart, DecoderState, DecoderStep } from "../../lib/models/mod.ts";
import type { WeightTensors } from "../../lib/nn/mod.ts";

/** A model in which the last word alone decides about the next: of each word those that follow. */
export class MarkovDecoder implements Pick<Decoder, "vocabularySize" | "start" | "step"> {
  readonly vocabularySize: number;
  readonly #logits: number[][];

  /** @param follow probabilities of next words by the last word; the rest goes to word 0 */
  constructor(follow: Record<number, Record<number, number>>, vocabulary: number) {
    this.vocabularySize = vocabulary;
    this.#logits = Array.from({ length: vocabulary }, (_, last) => {
      const next = follow[last] ?? {};
      const rest = 1 - Object.values(next).reduce((sum, p) => sum + p, 0);
      return Array.from(
        { length: vocabulary },
        (_, word) => Math.log(Math.max(1e-30, (next[word] ?? 0) + (word === 0 ? rest : 0))),
      );
    });
  }

  /** @param features [photos, …] */
  start(_: WeightTensors, features: tf.Tensor): DecoderStart {
    return { state: { nothing: tf.zeros([features.shape[0], 1]) } };
  }

  step(_: WeightTensors, { nothing }: DecoderState, words: tf.Tensor1D): DecoderStep {
    const logits = tf.tensor2d([...words.dataSync()].map((word) => this.#logits[word]));
    return { logits, state: { nothing: nothing.clone() } };
  }
}
