/**
 * What networks are made of: weights, layers, the output layer with its loss, initial values, and
 * the optimizer; on plain TF.js, faster where an engine brings fused operations. Runs in a browser
 * as well.
 *
 * @module
 */
export { clipByGlobalNorm } from "./clip_by_global_norm.ts";
export type { FusedOps } from "./fused_ops.ts";
export { denseRelu, dropout, linearCrossEntropy, lstm, lstmStep } from "./layers.ts";
export type { AdamSettings, Optimizer, OptimizerFactory } from "./optimizer.ts";
export { PlainAdam, plainAdam } from "./plain_adam.ts";
export { initialWeights, weightReader, type Weights, type WeightTensors } from "./weights.ts";
