import * as tf from "@tensorflow/tfjs";
import type { ConvolutionActivation, FusedOps, Padding, WeightTensors } from "../../nn/mod.ts";
import { activationOf, convolutions, padded, paddingOf } from "../plan/operations.ts";

/** One operation of layers that training changes; every TF.js gradient goes through it. */
export interface TrainableStep {
  /** The layer with its weights, and the batch norm after it; undefined where it has none. */
  learned?: { layer: string; norm?: string; isDepthwise: boolean };
  /** Its weights by the name under which they are trained. */
  weightShapes: Map<string, number[]>;
  /** Numbers kept of a photo for the gradients. */
  activations: number;
  run(inputs: tf.Tensor[], weights: WeightTensors, fused?: FusedOps): tf.Tensor;
}

/** Shapes of a photo before and after an operation. */
interface StepShapes {
  /** Of each input. */
  given: readonly (readonly number[])[];
  /** Of the output. */
  gives: readonly number[];
}

/**
 * The operation of layers that follow each other: [pad], convolution, [batch norm], [activation], as in
 * a plan, or one layer. A batch norm stays as it is for captioning, part of kernel and bias.
 *
 * @param name under which weights are trained, given the layer's and its array's
 * @throws {RangeError} if their weights cannot be trained
 */
export function trainableStep(
  chain: readonly tf.layers.Layer[],
  { given, gives }: StepShapes,
  name: (layer: string, array: string) => string,
): TrainableStep {
  const find = (...classes: string[]) =>
    chain.find((layer) => classes.includes(layer.getClassName()));
  const layer = find(...convolutions, "Dense") ?? chain[0];
  const kind = layer.getClassName();
  const size = gives.reduce((product, side) => product * side, 1);
  if (!["Conv2D", "DepthwiseConv2D", "Dense"].includes(kind)) {
    if (["SeparableConv2D", "BatchNormalization"].includes(kind)) throw untrainable(layer);
    const batches = given.map((shape) => [null, ...shape]);
    layer.build(batches.length === 1 ? batches[0] : batches);
    const run = (inputs: tf.Tensor[]) => layer.call(inputs, {}) as tf.Tensor;
    return { weightShapes: new Map(), activations: size, run };
  }
  const norm = find("BatchNormalization")?.name;
  const activation = activationOf(layer, find("ReLU", "Activation"));
  const [kernel, bias] = [name(layer.name, "kernel"), name(layer.name, "bias")];
  const channels = given[0].at(-1)!;
  const window = layer.getConfig().kernelSize as number[] | undefined;
  const isDepthwise = kind === "DepthwiseConv2D";
  const shape = [...window ?? [], channels, isDepthwise ? 1 : gives.at(-1)!];
  const multiply = kind === "Dense"
    ? product
    : convolution(layer, find("ZeroPadding2D"), { given: given[0], isDepthwise });
  return {
    learned: { layer: layer.name, norm, isDepthwise },
    weightShapes: new Map([[kernel, shape], [bias, [gives.at(-1)!]]]),
    activations: (activation === "linear" ? 2 : 3) * size,
    run([input], weights, fused) {
      const sums = tf.add(multiply(input, weights.get(kernel)!, fused), weights.get(bias)!);
      return activated(sums, activation);
    },
  };
}

type Product = (x: tf.Tensor, kernel: tf.Tensor, fused?: FusedOps) => tf.Tensor;

const product: Product = (x, kernel, fused) =>
  (fused?.matMul ?? tf.matMul)(x as tf.Tensor2D, kernel as tf.Tensor2D);

/** One that mixes the channels of each pixel is a product, whose gradient every engine has. */
function convolution(
  layer: tf.layers.Layer,
  pad: tf.layers.Layer | undefined,
  { given, isDepthwise }: { given: readonly number[]; isDepthwise: boolean },
): Product {
  const { strides, kernelSize } = layer.getConfig() as Record<string, [number, number]>;
  const padding: Padding = paddingOf(layer, pad, given);
  if (!isDepthwise && `${kernelSize}` === "1,1" && `${strides}` === "1,1" && !pad) {
    return (x, kernel, fused) => {
      const [channels, filters] = kernel.shape.slice(2);
      const rows = tf.reshape(x, [-1, channels]);
      const sums = product(rows, tf.reshape(kernel, [channels, filters]), fused);
      return tf.reshape(sums, [...x.shape.slice(0, -1), filters]);
    };
  }
  const convolve = isDepthwise ? tf.depthwiseConv2d : tf.conv2d;
  return (x, kernel) => {
    const { x: grown, pad } = padded(x, padding);
    return convolve(grown, kernel as tf.Tensor4D, strides, pad);
  };
}

function activated(sums: tf.Tensor, activation: ConvolutionActivation): tf.Tensor {
  return activation === "linear" ? sums : tf[activation](sums);
}

function untrainable(layer: tf.layers.Layer): RangeError {
  return new RangeError(
    `Layer "${layer.name}" (${layer.getClassName()}) cannot be trained` +
      (layer.getClassName() === "BatchNormalization"
        ? " apart from the convolution before it: set encoder.fineTune.after to a layer before that, or " +
          `to "${layer.name}"`
        : ": set encoder.fineTune.after to a layer after it, or take another encoder"),
  );
}
