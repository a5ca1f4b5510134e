import type { Objective } from "./objective.ts";

/** Cross-entropy of each next word given the words before it (teacher forcing). */
export const crossEntropy: Objective = (decoder, weights, batch, random) =>
  decoder.loss(weights, batch, random);
