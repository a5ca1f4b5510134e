import type * as tf from "@tensorflow/tfjs";
import type { CaptionBatch, Decoder } from "../../models/mod.ts";
import type { WeightTensors } from "../../nn/mod.ts";
import type { Random } from "../../random/mod.ts";

/**
 * What training minimises: the mean loss of a word over a batch, in nats, differentiable in the
 * weights. The decoder's penalty on its weights is not part of it.
 *
 * @param random where the masks of dropout come from; no dropout without it
 */
export type Objective = (
  decoder: Decoder,
  weights: WeightTensors,
  batch: CaptionBatch,
  random?: Random,
) => tf.Scalar;
