import * as tf from "@tensorflow/tfjs";
import type {
  Arithmetic,
  Bfloat16Ops,
  Convolution,
  ConvolutionActivation,
  FusedOps,
  Padding,
} from "../../nn/mod.ts";
import { biasAsChannels, withBiasChannels } from "./bias_channels.ts";
import { foldedWeights } from "./folded_weights.ts";
import { convolutionName, type PlannedConvolution } from "./planned_convolution.ts";

/** What a step does. */
export interface Operation {
  /** Owned by the plan. */
  weights: tf.Tensor[];
  run: (inputs: tf.Tensor[]) => tf.Tensor;
  /** Numbers of the inputs. @default {"float32"} */
  takes?: Arithmetic;
  /** Numbers of the output. @default {"float32"} */
  gives?: Arithmetic;
  /** Where it is a convolution of float32, of which an engine has several kernels. */
  convolution?: PlannedConvolution;
  /** Where it is a convolution of float32 that mixes the channels of each pixel, and nothing else. */
  pointwise?: UnnamedConvolution;
  /** Whether it averages the pixels around each one, those beyond the border left out. */
  averages?: boolean;
}

/** A convolution whose kernel was not chosen yet. */
export type UnnamedConvolution = Omit<PlannedConvolution, "name">;

/** What an engine has beyond TF.js. */
export interface PlanOps {
  fused?: FusedOps;
  /** There where convolutions and dense layers are to be computed in bfloat16. */
  bfloat16?: Bfloat16Ops;
  /** The kernel of a float32 convolution of this name, asked for each time. */
  kernelOf?: (name: string) => Convolution;
}

/** Layers that `convolution` can do together with what stands around them. */
export const convolutions = ["Conv2D", "DepthwiseConv2D", "SeparableConv2D"];

/**
 * A convolution of any kind with what stands around it: [pad], convolution, [norm], [ReLU].
 *
 * @param given numbers in which the input is there
 */
export function convolution(
  chain: tf.layers.Layer[],
  ops: PlanOps,
  given: Arithmetic,
): Operation {
  const { fused, bfloat16 } = ops;
  const gives = bfloat16 && "bfloat16";
  const find = (...names: string[]) => chain.find((layer) => names.includes(layer.getClassName()));
  const layer = find(...convolutions)!;
  const norm = find("BatchNormalization");
  const strides = layer.getConfig().strides as [number, number];
  const activation = activationOf(layer, find("ReLU", "Activation"));
  const [before] = chain[0].inboundNodes[0].inputShapes as number[][];
  const pad = paddingOf(layer, find("ZeroPadding2D"), before.slice(1));
  if (layer.getClassName() === "SeparableConv2D") {
    const [depthwise, ...pointwise] = layer.getWeights() as [tf.Tensor4D, tf.Tensor4D];
    const folded = foldedWeights(pointwise, norm, false);
    const [filter, bias] = bfloat16 === undefined ? folded : biasAsChannels(folded, bfloat16);
    const channels = depthwise.shape[2] * depthwise.shape[3];
    const weights: [tf.Tensor4D, tf.Tensor1D] = [depthwise.clone(), tf.zeros([channels])];
    const spread = depthwiseConvolve(weights, strides, pad, "linear", fused);
    const [height, width] = layer.outputShape.slice(1) as number[];
    const mixed: UnnamedConvolution = {
      input: [height, width, channels],
      ...{ filter, bias, strides: [1, 1], pad: "valid", activation },
    };
    const { run: mix, convolution } = convolve(mixed, ops);
    const pass = (x: tf.Tensor) =>
      bfloat16 === undefined ? x : withBiasChannels(bfloat16.fromFloat32(x), bfloat16);
    const run = ([input]: tf.Tensor[]) => mix(pass(spread(input)));
    return { weights: [...weights, filter, bias], run, gives, convolution };
  }
  const depthwise = layer.getClassName() === "DepthwiseConv2D";
  const folded = foldedWeights(layer.getWeights(), norm, depthwise);
  if (depthwise) { // slower in bfloat16
    const run = depthwiseConvolve(folded, strides, pad, activation, fused);
    return { weights: folded, run: ([input]) => run(input) };
  }
  const input = before.slice(1) as [number, number, number];
  if (bfloat16 !== undefined && isDelicate(folded, activation, given)) {
    const [filter, bias] = folded;
    const { run } = convolve({ input, filter, bias, strides, pad, activation }, { fused });
    return { weights: folded, run: ([input]) => run(input) };
  }
  if (bfloat16 !== undefined && isPointwise(folded[0], pad) && given === "float32") {
    const [filter, bias] = biasAsChannels(folded, bfloat16);
    const { run } = convolve({ input, filter, bias, strides, pad, activation }, ops);
    const widened = ([input]: tf.Tensor[]) => run(withBiasChannels(input, bfloat16));
    return { weights: [filter, bias], run: widened, takes: gives, gives };
  }
  const [filter, bias] = rounded(folded, bfloat16);
  const planned = { input, filter, bias, strides, pad, activation };
  const { run, convolution } = convolve(planned, ops);
  const weights = [filter, bias];
  const pointwise = bfloat16 === undefined && isPointwise(filter, pad) ? planned : undefined;
  return { weights, run: ([input]) => run(input), takes: gives, gives, convolution, pointwise };
}

/**
 * Whether a convolution stays float32: one of the picture itself, and a linear one of float32, as each
 * of MobileNetV2's bottlenecks is. They cost little, and their rounding is most of a feature's error.
 */
function isDelicate(
  [filter]: tf.Tensor[],
  activation: ConvolutionActivation,
  given: Arithmetic,
): boolean {
  return filter.shape[2]! <= 4 || (activation === "linear" && given === "float32");
}

/** Whether it mixes the channels of each pixel alone, the border's included. */
function isPointwise({ shape }: tf.Tensor4D, pad: Padding): boolean {
  return shape[0] === 1 && shape[1] === 1 && typeof pad === "string";
}

/** Weights in bfloat16 where that is what they are used in; those given are freed then. */
function rounded<W extends tf.Tensor[]>(weights: W, bfloat16?: Bfloat16Ops): W {
  if (bfloat16 === undefined) return weights;
  const narrow = weights.map((weight) => bfloat16.fromFloat32(weight)) as W;
  tf.dispose(weights);
  return narrow;
}

/** Runs a convolution; in float32 by the kernel that was chosen, which is told by its name. */
export function convolve(
  planned: UnnamedConvolution,
  { fused, bfloat16, kernelOf }: PlanOps,
): { run: (input: tf.Tensor) => tf.Tensor; convolution?: PlannedConvolution } {
  const { filter, bias, strides, pad, activation } = planned;
  const by = (convolution: Convolution, input: tf.Tensor) =>
    convolution(input as tf.Tensor4D, filter, bias, strides, pad, activation);
  if (bfloat16 !== undefined) return { run: (input) => by(bfloat16.conv2d.bind(bfloat16), input) };
  if (kernelOf !== undefined) {
    const convolution = { name: convolutionName(planned), ...planned };
    return { run: (input) => by(kernelOf(convolution.name), input), convolution };
  }
  if (fused !== undefined) return { run: (input) => by(fused.conv2d, input) };
  return {
    run: (input) => tf.fused.conv2d({ ...padded(input, pad), filter, strides, bias, activation }),
  };
}

function depthwiseConvolve(
  [filter, bias]: [tf.Tensor4D, tf.Tensor1D],
  strides: [number, number],
  pad: Padding,
  activation: ConvolutionActivation,
  fused?: FusedOps,
): (input: tf.Tensor) => tf.Tensor {
  const { depthwiseConv2d } = fused ?? {};
  if (depthwiseConv2d !== undefined && typeof pad === "string") {
    return (input) => depthwiseConv2d(input as tf.Tensor4D, filter, bias, strides, pad, activation);
  }
  return (input) =>
    tf.fused.depthwiseConv2d({ ...padded(input, pad), filter, strides, bias, activation });
}

/** TF.js' fused convolutions know no explicit padding. */
export function padded(x: tf.Tensor, pad: Padding): { x: tf.Tensor4D; pad: "same" | "valid" } {
  if (typeof pad === "string") return { x: x as tf.Tensor4D, pad };
  const [top, bottom, left, right] = pad;
  const grown = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
  return { x: grown as tf.Tensor4D, pad: "valid" };
}

/** A fully connected layer with its activation. */
export function dense(layer: tf.layers.Layer, { bfloat16 }: PlanOps): Operation {
  const activation = String(layer.getConfig().activation);
  if (!["linear", "relu", "softmax"].includes(activation)) {
    throw new TypeError(`Layer "${layer.name}": a plan cannot do the activation ${activation}`);
  }
  const own = layer.getWeights().map((weight) => weight.clone());
  const [kernel, bias] = rounded(own, bfloat16) as [tf.Tensor2D, tf.Tensor1D];
  const weights = [kernel, bias];
  if (bfloat16 !== undefined) {
    const cut = activation === "relu" ? "relu" : "linear";
    const sums = (a: tf.Tensor) => bfloat16.dense(a as tf.Tensor2D, kernel, bias, cut);
    const takes = "bfloat16";
    return activation === "softmax"
      ? { weights, takes, run: ([a]) => tf.softmax(bfloat16.toFloat32(sums(a))) }
      : { weights, takes, run: ([a]) => sums(a), gives: "bfloat16" };
  }
  return {
    weights,
    run: ([a]) => {
      const sum = tf.fused.matMul({
        a: a as tf.Tensor2D,
        b: kernel,
        bias,
        activation: activation === "relu" ? "relu" : "linear",
      });
      return activation === "softmax" ? tf.softmax(sum) : sum;
    },
  };
}

/** @throws {TypeError} if a plan cannot do it */
export function activationOf(
  layer: tf.layers.Layer,
  relu: tf.layers.Layer | undefined,
): ConvolutionActivation {
  if (relu !== undefined) {
    const { maxValue } = relu.getConfig(); // a layer Activation("relu") has none
    if (maxValue === undefined || maxValue === null) return "relu";
    if (maxValue === 6) return "relu6";
    throw new TypeError(`Layer "${relu.name}": a plan can cut at 6 only, not at ${maxValue}`);
  }
  const activation = String(layer.getConfig().activation);
  if (activation === "linear" || activation === "relu") return activation;
  throw new TypeError(`Layer "${layer.name}": a plan cannot do the activation ${activation}`);
}

/**
 * A pad that is what TensorFlow calls SAME becomes so: the fastest ways know only that.
 *
 * @param given shape of what is padded [height, width, channels]
 */
export function paddingOf(
  layer: tf.layers.Layer,
  pad: tf.layers.Layer | undefined,
  given: readonly number[],
): Padding {
  const { padding, kernelSize, strides } = layer.getConfig() as {
    padding: "same" | "valid";
    kernelSize: [number, number];
    strides: [number, number];
  };
  if (pad === undefined) return padding;
  const [[top, bottom], [left, right]] = pad.getConfig().padding as number[][];
  if (padding === "same") {
    throw new TypeError(`Layer "${layer.name}": a plan cannot pad before padding "same"`);
  }
  const [height, width] = given;
  const same = [height, width].map((size, i) => {
    const out = Math.ceil(size / strides[i]);
    const all = Math.max(0, (out - 1) * strides[i] + kernelSize[i] - size);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  });
  return `${same}` === `${[[top, bottom], [left, right]]}` ? "same" : [top, bottom, left, right];
}
