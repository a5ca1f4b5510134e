import type * as tf from "@tensorflow/tfjs";
import type { AddLoss, CaptionBatch, Decoder } from "../../models/mod.ts";
import type { WeightTensors } from "../../nn/mod.ts";
import type { Random } from "../../random/mod.ts";

/**
 * What training minimises: the mean loss of a word over a batch, in nats, differentiable in the
 * weights. The decoder's penalties, on its weights and on a batch, are not part of it.
 *
 * @param random where the masks of dropout come from; no dropout without it
 * @param addLoss takes the decoder's penalties on the batch; they are not computed without it
 */
export type Objective = (
  decoder: Decoder,
  weights: WeightTensors,
  batch: CaptionBatch,
  random?: Random,
  addLoss?: AddLoss,
) => tf.Scalar;
