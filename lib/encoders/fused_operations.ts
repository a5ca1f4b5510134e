import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "../models/mod.ts";

/** What a step does, and the tensors it owns for it. */
export interface Operation {
  weights: tf.Tensor[];
  run: (inputs: tf.Tensor[]) => tf.Tensor;
}

type Activation = "linear" | "relu" | "relu6";
type Padding = "same" | "valid" | [number, number, number, number];

/** A convolution, depthwise or not, with what stands around it: [pad], convolution, [norm], [ReLU]. */
export function convolution(chain: tf.layers.Layer[], fused?: FusedOps): Operation {
  const find = (name: string) => chain.find((layer) => layer.getClassName() === name);
  const layer = find("Conv2D") ?? find("DepthwiseConv2D")!;
  const depthwise = layer.getClassName() === "DepthwiseConv2D";
  const [filter, bias] = foldedWeights(layer, find("BatchNormalization"), depthwise);
  const config = layer.getConfig();
  const strides = config.strides as [number, number];
  const activation = activationOf(layer, find("ReLU"));
  const pad = paddingOf(layer, find("ZeroPadding2D"));
  const weights = [filter, bias];
  if (fused !== undefined && !depthwise) {
    return {
      weights,
      run: ([input]) => fused.conv2d(input as tf.Tensor4D, filter, bias, strides, pad, activation),
    };
  }
  if (fused?.depthwiseConv2d !== undefined && depthwise && typeof pad === "string") {
    return {
      weights,
      run: ([input]) =>
        fused.depthwiseConv2d!(input as tf.Tensor4D, filter, bias, strides, pad, activation),
    };
  }
  const convolve = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
  return {
    weights,
    run: ([input]) => {
      const x = (typeof pad === "string" ? input : padded(input, pad)) as tf.Tensor4D;
      return convolve({
        x,
        filter,
        strides,
        pad: typeof pad === "string" ? pad : "valid",
        bias,
        activation,
      });
    },
  };
}

function padded(input: tf.Tensor, [top, bottom, left, right]: number[]): tf.Tensor {
  return tf.pad(input, [[0, 0], [top, bottom], [left, right], [0, 0]]);
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
  layer: tf.layers.Layer,
  norm: tf.layers.Layer | undefined,
  depthwise: boolean,
): [tf.Tensor4D, tf.Tensor1D] {
  return tf.tidy(() => {
    const [filter, given] = layer.getWeights() as [tf.Tensor4D, tf.Tensor1D | undefined];
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
    const { maxValue } = relu.getConfig();
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
