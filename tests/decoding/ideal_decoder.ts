import * as tf from "@tensorflow/tfjs";
import type { Decoder, DecoderState } from "../../lib/models/mod.ts";
import type { WeightTensors } from "../../lib/nn/mod.ts";

/**
 * A model that always knows what comes next (Tanti and others prove their
 * evaluation with one): a photo's feature is the number of its reference.
 */
export class IdealDecoder implements Decoder {
  readonly kind = "ideal";
  readonly weightShapes = new Map<string, number[]>();
  #references: number[][];
  #vocabulary: number;
  #end: number;

  /** Word indices without markers; words must be below `vocabulary`. */
  constructor(references: number[][], vocabulary: number, end: number) {
    this.#references = references;
    this.#vocabulary = vocabulary;
    this.#end = end;
  }

  initialWeights() {
    return new Map();
  }

  activations(): number {
    return 0;
  }

  loss(): tf.Scalar {
    throw new Error("It has nothing to learn");
  }

  penalty(): undefined {}

  /** @param features [photos, 1] */
  start(_: WeightTensors, features: tf.Tensor): DecoderState {
    return [features.clone(), tf.zeros(features.shape)];
  }

  step(_: WeightTensors, [reference, place]: DecoderState, words: tf.Tensor1D) {
    const rows = words.shape[0];
    const [references, places] = [reference.dataSync(), place.dataSync()];
    const next = Array.from(
      { length: rows },
      (_, row) => this.#references[references[row]][places[row]] ?? this.#end,
    );
    return {
      logits: tf.mul(tf.oneHot(tf.tensor1d(next, "int32"), this.#vocabulary), 50) as tf.Tensor2D,
      state: [reference.clone(), tf.add(place, 1)],
    };
  }
}
