import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "../../nn/mod.ts";

/** What a step does, and the tensors it owns for it. */
export interface Operation {
  weights: tf.Tensor[];
  run: (inputs: tf.Tensor[]) => tf.Tensor;
}

type Activation = "linear" | "relu" | "relu6";
type Padding = "same" | "valid" | [number, number, number, number];

/** Layers that `convolution` can do together with what stands around them. */
export const convolutions = ["Conv2D", "DepthwiseConv2D", "SeparableConv2D"];

/** A convolution of any kind with what stands around it: [pad], convolution, [norm], [ReLU]. */
export function convolution(chain: tf.layers.Layer[], fused?: FusedOps): Operation {
  const find = (...names: string[]) => chain.find((layer) => names.includes(layer.getClassName()));
  const layer = find(...convolutions)!;
  const norm = find("BatchNormalization");
  const strides = layer.getConfig().strides as [number, number];
  const activation = activationOf(layer, find("ReLU", "Activation"));
  const pad = paddingOf(layer, find("ZeroPadding2D"));
  if (layer.getClassName() === "SeparableConv2D") {
    const [depthwise, ...pointwise] = layer.getWeights() as [tf.Tensor4D, tf.Tensor4D];
    const [filter, bias] = foldedWeights(pointwise, norm, false);
    const channels = depthwise.shape[2] * depthwise.shape[3];
    const weights: [tf.Tensor4D, tf.Tensor1D] = [depthwise.clone(), tf.zeros([channels])];
    const spread = depthwiseConvolve(weights, strides, pad, "linear", fused);
    const mix = convolve([filter, bias], [1, 1], "valid", activation, fused);
    return { weights: [...weights, filter, bias], run: ([input]) => mix(spread(input)) };
  }
  const depthwise = layer.getClassName() === "DepthwiseConv2D";
  const weights = foldedWeights(layer.getWeights(), norm, depthwise);
  const make = depthwise ? depthwiseConvolve : convolve;
  const run = make(weights, strides, pad, activation, fused);
  return { weights, run: ([input]) => run(input) };
}

function convolve(
  [filter, bias]: [tf.Tensor4D, tf.Tensor1D],
  strides: [number, number],
  pad: Padding,
  activation: Activation,
  fused?: FusedOps,
): (input: tf.Tensor) => tf.Tensor {
  if (fused !== undefined) {
    return (input) => fused.conv2d(input as tf.Tensor4D, filter, bias, strides, pad, activation);
  }
  return (input) => tf.fused.conv2d({ ...padded(input, pad), filter, strides, bias, activation });
}

function depthwiseConvolve(
  [filter, bias]: [tf.Tensor4D, tf.Tensor1D],
  strides: [number, number],
  pad: Padding,
  activation: Activation,
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
function padded(x: tf.Tensor, pad: Padding): { x: tf.Tensor4D; pad: "same" | "valid" } {
  if (typeof pad === "string") return { x: x as tf.Tensor4D, pad };
  const [top, bottom, left, right] = pad;
  const grown = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
  return { x: grown as tf.Tensor4D, pad: "valid" };
}

/** A fully connected layer with its activation. */
export function dense(layer: tf.layers.Layer): Operation {
  const [kernel, bias] = layer.getWeights().map((weight) => weight.clone()) as [
    tf.Tensor2D,
    tf.Tensor1D,
  ];
  const activation = String(layer.getConfig().activation);
  if (!["linear", "relu", "softmax"].includes(activation)) {
    throw new TypeError(`Layer "${layer.name}": a plan cannot do the activation ${activation}`);
  }
  return {
    weights: [kernel, bias],
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

/** Filter and bias of a convolution, the batch norm after it made part of them. */
function foldedWeights(
  own: tf.Tensor[],
  norm: tf.layers.Layer | undefined,
  depthwise: boolean,
): [tf.Tensor4D, tf.Tensor1D] {
  return tf.tidy(() => {
    const [filter, given] = own as [tf.Tensor4D, tf.Tensor1D | undefined];
    const channels = depthwise ? filter.shape[2] * filter.shape[3] : filter.shape[3];
    const bias = given ?? tf.zeros([channels]) as tf.Tensor1D;
    if (norm === undefined) return [filter.clone(), bias.clone()];
    const { scale, center, epsilon } = norm.getConfig();
    const weights = norm.getWeights() as tf.Tensor1D[];
    const gamma = scale === false ? tf.ones([channels]) : weights.shift()!;
    const beta = center === false ? tf.zeros([channels]) : weights.shift()!;
    const [mean, variance] = weights;
    const factor = tf.div(gamma, tf.sqrt(tf.add(variance, epsilon as number)));
    const shape = depthwise ? [1, 1, filter.shape[2], filter.shape[3]] : [1, 1, 1, channels];
    return [
      tf.mul(filter, tf.reshape(factor, shape)),
      tf.add(beta, tf.mul(tf.sub(bias, mean), factor)),
    ];
  });
}

function activationOf(layer: tf.layers.Layer, relu: tf.layers.Layer | undefined): Activation {
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

/** A pad that is what TensorFlow calls SAME becomes so: the fastest ways know only that. */
function paddingOf(layer: tf.layers.Layer, pad: tf.layers.Layer | undefined): Padding {
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
  const [, height, width] = pad.inboundNodes[0].inputShapes[0] as number[];
  const same = [height, width].map((size, i) => {
    const out = Math.ceil(size / strides[i]);
    const all = Math.max(0, (out - 1) * strides[i] + kernelSize[i] - size);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  });
  return `${same}` === `${[[top, bottom], [left, right]]}` ? "same" : [top, bottom, left, right];
}
