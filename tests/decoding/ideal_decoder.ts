import * as tf from "@tensorflow/tfjs";
import type { Decoder, DecoderStart, DecoderState, DecoderStep } from "../../lib/models/mod.ts";
import type { WeightTensors } from "../../lib/nn/mod.ts";

/**
 * A model that always knows what comes next (Tanti and others prove their
 * evaluation with one): a photo's feature is the number of its reference.
 */
export class IdealDecoder implements Pick<Decoder, "vocabularySize" | "start" | "step"> {
  readonly vocabularySize: number;
  readonly #references: number[][];
  readonly #end: number;

  /** Word indices without markers; words must be below `vocabulary`. */
  constructor(references: number[][], vocabulary: number, end: number) {
    this.#references = references;
    this.vocabularySize = vocabulary;
    this.#end = end;
  }

  /** @param features [photos, 1] */
  start(_: WeightTensors, features: tf.Tensor): DecoderStart {
    return { state: { reference: features.clone(), position: tf.zeros(features.shape) } };
  }

  step(_: WeightTensors, { reference, position }: DecoderState, words: tf.Tensor1D): DecoderStep {
    const rows = words.shape[0];
    const [references, positions] = [reference.dataSync(), position.dataSync()];
    const next = Array.from(
      { length: rows },
      (_, row) => this.#references[references[row]][positions[row]] ?? this.#end,
    );
    return {
      logits: tf.mul(tf.oneHot(tf.tensor1d(next, "int32"), this.vocabularySize), 50) as tf.Tensor2D,
      state: { reference: reference.clone(), position: tf.add(position, 1) },
    };
  }
}
