/**
 * Building blocks of networks: weights, layers, the output layer with its loss, initial values, and
 * the optimizer; on plain TF.js, faster where an engine has fused operations. Runs in a browser
 * as well.
 *
 * @module
 */
export type { Arithmetic } from "./arithmetic.ts";
export type { AttentionLstmStep } from "./attention_lstm.ts";
export type {
  AttentionLstmArrays,
  AttentionLstmInputs,
  AttentionMemory,
} from "./attention_lstm_inputs.ts";
export {
  type AttentionLstmLayer,
  attentionLstmLayer,
  type AttentionLstmSizes,
} from "./attention_lstm_layer.ts";
export type { SentinelStep } from "./attention_sentinel.ts";
export type { Bfloat16Ops } from "./bfloat16_ops.ts";
export { chooseArithmetic } from "./choose_arithmetic.ts";
export { clipByGlobalNorm } from "./clip_by_global_norm.ts";
export type {
  Convolution,
  ConvolutionActivation,
  ConvolutionKernels,
  Padding,
} from "./convolution.ts";
export { type DenseLayer, denseLayer } from "./dense.ts";
export { dropout } from "./dropout.ts";
export { type EmbeddingLayer, embeddingLayer } from "./embedding.ts";
export type {
  CrossEntropyOptions,
  FusedOps,
  ProjectedLstm,
  ProjectedSequences,
} from "./fused_ops.ts";
export type { GateActivation } from "./gate_activation.ts";
export { initialWeights, type Layer, type LayerWeight, weightShapes } from "./layer.ts";
export { type LayerNormLayer, layerNormLayer } from "./layer_norm.ts";
export { linearCrossEntropy } from "./linear_cross_entropy.ts";
export { lstm, lstmStep } from "./lstm.ts";
export { isDifferentiated } from "./is_differentiated.ts";
export type { LstmState } from "./lstm_state.ts";
export { type LstmLayer, lstmLayer, readBackwards, readRepeatedly } from "./lstm_layer.ts";
export {
  type CrossAttentionLayer,
  crossAttentionLayer,
  type SelfAttentionLayer,
  selfAttentionLayer,
} from "./multi_head_attention.ts";
export type { KeysAndValues } from "./heads.ts";
export type { AdamSettings, Optimizer, OptimizerFactory } from "./optimizer.ts";
export { plainAdam } from "./plain_adam.ts";
export type { RecurrentLayer } from "./recurrent_layer.ts";
export {
  type RecurrentLayers,
  recurrentLayers,
  type RecurrentLayersSettings,
  type RecurrentState,
} from "./recurrent_layers.ts";
export { type RowGroups, rowGroups } from "./row_groups.ts";
export { tiedOutput } from "./tied_output.ts";
export type { Weights, WeightTensors } from "./weights.ts";
