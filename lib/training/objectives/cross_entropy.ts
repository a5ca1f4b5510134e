import type * as tf from "@tensorflow/tfjs";
import { linearCrossEntropy } from "../../nn/mod.ts";
import type { Objective } from "./objective.ts";

/** Cross-entropy of each next word given the words before it (teacher forcing). */
export const crossEntropy: Objective = (...given): tf.Scalar => smoothedCrossEntropy(0)(...given);

/**
 * Cross-entropy against smoothed labels (Szegedy et al., 2016): the next word counts by 1 − smoothing,
 * and all words of the vocabulary alike by the rest, markers and padding too, as in Keras. Those that
 * are no label come to a probability of smoothing / words each, and decoding forbids them.
 *
 * @param smoothing in [0, 1)
 */
export function smoothedCrossEntropy(smoothing: number): Objective {
  return (decoder, weights, batch, random, addLoss): tf.Scalar => {
    const hidden = decoder.forward(weights, batch, random, addLoss);
    const { kernel, bias } = decoder.head(weights);
    return linearCrossEntropy(hidden, kernel, bias, batch.labels, decoder.fused, { smoothing });
  };
}
