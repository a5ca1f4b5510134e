import type * as tf from "@tensorflow/tfjs";
import { linearCrossEntropy } from "../../nn/mod.ts";
import type { Objective } from "./objective.ts";

/** Cross-entropy of each next word given the words before it (teacher forcing). */
export const crossEntropy: Objective = (decoder, weights, batch, random): tf.Scalar => {
  const hidden = decoder.forward(weights, batch, random);
  const { kernel, bias } = decoder.head(weights);
  return linearCrossEntropy(hidden, kernel, bias, batch.labels, decoder.fused);
};
