import * as tf from "@tensorflow/tfjs";
import type { Arithmetic } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { cast, execute, FLOAT } from "./operations.ts";

/**
 * Products of float32 matrices in one of the arithmetics; results and biases are float32. In bfloat16
 * none of it is recorded for a gradient.
 */
export interface MatrixProducts {
  /** A matrix as it is multiplied, rounded once for several products; in float32 `x` itself. */
  factor(x: tf.Tensor2D): tf.Tensor2D;
  /** The product of two factors. */
  multiply(a: tf.Tensor2D, b: tf.Tensor2D, transposeA?: boolean, transposeB?: boolean): tf.Tensor2D;
  /** The product of two factors, and the bias [columns] added to every row. */
  linear(a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D;
}

/** The products of an arithmetic, by TensorFlow's own kernels. */
export function matrixProducts(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
): MatrixProducts {
  return arithmetic === "bfloat16" ? bfloat16Products(backend) : float32Products(backend);
}

const TRANSPOSES = ["transpose_a", "transpose_b"] as const;

const LINEAR: TFEOpAttr[] = [
  FLOAT,
  { name: "num_args", type: AttributeType.int, value: 1 },
  { name: "fused_ops", type: AttributeType.string, value: ["BiasAdd"] },
  ...TRANSPOSES.map((name) => ({ name, type: AttributeType.bool, value: false })),
  { name: "epsilon", type: AttributeType.float, value: 0 },
];

function float32Products(backend: TensorFlowBackend): MatrixProducts {
  return {
    factor: (x) => x,
    multiply: (a, b, transposeA, transposeB) => tf.matMul(a, b, transposeA, transposeB),
    // The bias is added while the product is still in the cache.
    linear: (a, b, bias) =>
      execute(backend, "_FusedMatMul", LINEAR, [a, b, bias], 1)[0] as tf.Tensor2D,
  };
}

function bfloat16Products(backend: TensorFlowBackend): MatrixProducts {
  const { bfloat16, float32 } = DataType;
  const multiply: MatrixProducts["multiply"] = (a, b, ...transposed) =>
    tf.tidy(() => {
      const attributes = TRANSPOSES.map((name, i) => (
        { name, type: AttributeType.bool, value: transposed[i] ?? false }
      ));
      const type = { name: "T", type: AttributeType.type, value: bfloat16 };
      const [product] = execute(backend, "MatMul", [type, ...attributes], [a, b], 1);
      return cast(backend, product, bfloat16, float32) as tf.Tensor2D;
    });
  return {
    factor: (x) => cast(backend, x, float32, bfloat16),
    multiply,
    linear: (a, b, bias) => tf.tidy(() => tf.add(multiply(a, b), bias)),
  };
}
