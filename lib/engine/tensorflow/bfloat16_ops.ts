import * as tf from "@tensorflow/tfjs";
import type { Bfloat16Ops, Convolution } from "../../nn/mod.ts";
import type { Bfloat16Speed } from "../bfloat16_speed.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import {
  CHANNELS_LAST,
  convolutionAttributes,
  ONE_DNN,
  windowAttributes,
} from "./convolution_attributes.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { cast, execute } from "./operations.ts";

const { bfloat16, float32 } = DataType;
const T: TFEOpAttr = { name: "T", type: AttributeType.type, value: bfloat16 };
const ACTIVATIONS = { linear: undefined, relu: "Relu", relu6: "Relu6" } as const;

/** Options of {@linkcode TensorFlowBfloat16}. */
export interface TensorFlowBfloat16Options {
  /** Whether oneDNN's kernels are there. */
  oneDnn: boolean;
  /** Asked once, when it is needed. */
  speed: () => Bfloat16Speed;
}

/**
 * bfloat16 by TensorFlow's own kernels. oneDNN's are called by their names only on processors with
 * such instructions: on others, some of them end the process.
 */
export class TensorFlowBfloat16 implements Bfloat16Ops {
  readonly #backend: TensorFlowBackend;
  readonly #oneDnn: boolean;
  readonly #askSpeed: () => Bfloat16Speed;
  #speed?: Bfloat16Speed;
  #fuses?: boolean;

  constructor(backend: TensorFlowBackend, { oneDnn, speed }: TensorFlowBfloat16Options) {
    this.#backend = backend;
    this.#oneDnn = oneDnn;
    this.#askSpeed = speed;
  }

  get isFaster(): boolean {
    return (this.#speed ??= this.#askSpeed()).isFaster;
  }

  get reason(): string {
    return (this.#speed ??= this.#askSpeed()).reason;
  }

  problem(): string | undefined {
    try {
      tf.tidy(() => {
        const x = this.fromFloat32(tf.ones([1, 1, 1, 1]) as tf.Tensor4D);
        const row = this.fromFloat32(tf.ones([1, 1]) as tf.Tensor2D);
        const bias = this.fromFloat32(tf.zeros([1]) as tf.Tensor1D);
        this.conv2d(x, x, bias, [1, 1], "same", "relu");
        this.pool("max", x, [1, 1], [1, 1], "same");
        this.dense(row, row, bias, "relu");
      });
    } catch (error) {
      return (error as Error).message.split("\n")[0];
    }
  }

  fromFloat32<X extends tf.Tensor>(x: X): X {
    return cast(this.#backend, x, float32, bfloat16);
  }

  toFloat32<X extends tf.Tensor>(x: X): X {
    return cast(this.#backend, x, bfloat16, float32);
  }

  conv2d(...args: Parameters<Convolution>): tf.Tensor4D {
    this.#fuses ??= this.#oneDnn && this.isFaster && this.#canFuse();
    if (this.#fuses) return this.#fusedConv2d(...args);
    const [input, filter, bias, strides, pad, activation] = args;
    return tf.tidy(() => {
      const sums = this.#run("Conv2D", windowAttributes(strides, pad), [input, filter]);
      return this.#activate(sums, bias, activation) as tf.Tensor4D;
    });
  }

  dense(
    input: tf.Tensor2D,
    kernel: tf.Tensor2D,
    bias: tf.Tensor1D,
    activation: "linear" | "relu",
  ): tf.Tensor2D {
    return tf.tidy(() =>
      this.#activate(this.#run("MatMul", [], [input, kernel]), bias, activation) as tf.Tensor2D
    );
  }

  pool(
    kind: "max" | "mean",
    input: tf.Tensor4D,
    size: [number, number],
    strides: [number, number],
    pad: "same" | "valid",
  ): tf.Tensor4D {
    const attributes = [
      { name: "ksize", type: AttributeType.int, value: [1, ...size, 1] },
      { name: "strides", type: AttributeType.int, value: [1, ...strides, 1] },
      { name: "padding", type: AttributeType.string, value: pad.toUpperCase() },
      CHANNELS_LAST,
    ];
    return this.#run(kind === "max" ? "MaxPool" : "AvgPool", attributes, [input]) as tf.Tensor4D;
  }

  add(inputs: tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => inputs.reduce((sum, x) => this.#run("AddV2", [], [sum, x])));
  }

  concat(inputs: tf.Tensor[], axis: number): tf.Tensor {
    return tf.tidy(() => {
      const attributes = [
        { name: "N", type: AttributeType.int, value: inputs.length },
        { name: "Tidx", type: AttributeType.type, value: DataType.int32 },
      ];
      return this.#run("ConcatV2", attributes, [...inputs, tf.scalar(axis, "int32")]);
    });
  }

  relu(x: tf.Tensor): tf.Tensor {
    return this.#run("Relu", [], [x]);
  }

  #activate(
    sums: tf.Tensor,
    bias: tf.Tensor1D,
    activation: keyof typeof ACTIVATIONS,
  ): tf.Tensor {
    const biased = this.#run("BiasAdd", [CHANNELS_LAST], [sums, bias]);
    const name = ACTIVATIONS[activation];
    return name === undefined ? biased : this.#run(name, [], [biased]);
  }

  #fusedConv2d(
    ...[input, filter, bias, strides, pad, activation]: Parameters<Convolution>
  ): tf.Tensor4D {
    const attributes = [
      ...convolutionAttributes(strides, pad, activation),
      { name: "TArgs", type: AttributeType.type, value: [bfloat16] },
      ONE_DNN,
    ];
    return this.#run("_MklNativeFusedConv2D", attributes, [input, filter, bias]) as tf.Tensor4D;
  }

  /** Whether oneDNN's fused convolution runs, and computes 1 × 1 + 1. */
  #canFuse(): boolean {
    return tf.tidy(() => {
      const one = this.fromFloat32(tf.ones([1, 1, 1, 1]) as tf.Tensor4D);
      const bias = this.fromFloat32(tf.ones([1]) as tf.Tensor1D);
      try {
        return this.#fusedConv2d(one, one, bias, [1, 1], "same", "relu").dataSync()[0] === 2;
      } catch {
        return false;
      }
    });
  }

  #run(name: string, attributes: TFEOpAttr[], inputs: tf.Tensor[]): tf.Tensor {
    return execute(this.#backend, name, [T, ...attributes], inputs, 1)[0];
  }
}
