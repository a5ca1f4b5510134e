import type * as tf from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "./backend.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import { AttributeType, DataType } from "./data_types.ts";

/** The attribute `T: float32` that nearly every operation takes. */
export const FLOAT: TFEOpAttr = { name: "T", type: AttributeType.type, value: DataType.float32 };

/**
 * An operation on TF.js tensors or, for types that TF.js lacks, on a tensor's number. A result in
 * bfloat16 is a tensor of which TF.js believes that it is float32: it is read as such, while an
 * operation of TF.js itself that computes with it fails, as TensorFlow sees the true type.
 */
export function execute(
  backend: TensorFlowBackend,
  name: string,
  attributes: TFEOpAttr[],
  inputs: (tf.Tensor | number)[],
  outputCount: number,
): tf.Tensor[] {
  const ids = inputs.map((input) =>
    typeof input === "number" ? input : backend.getInputTensorIds([input])[0]
  );
  return backend.binding.executeOp(name, attributes, ids, outputCount)
    .map((metadata) =>
      backend.createOutputTensor(
        metadata.dtype === DataType.bfloat16 ? { ...metadata, dtype: DataType.float32 } : metadata,
      )
    );
}

/** The same numbers in another type, rounded to the nearest where that has fewer digits. */
export function cast<T extends tf.Tensor>(
  backend: TensorFlowBackend,
  x: T,
  from: number,
  to: number,
): T {
  const attributes = [
    { name: "SrcT", type: AttributeType.type, value: from },
    { name: "DstT", type: AttributeType.type, value: to },
  ];
  return execute(backend, "Cast", attributes, [x], 1)[0] as T;
}

/** Calls `use` with an int64 scalar, a type that TF.js lacks, and deletes it afterwards. */
export function withInt64<T>(backend: TensorFlowBackend, value: number, use: (id: number) => T): T {
  const words = new Int32Array([value, Math.floor(value / 2 ** 32)]);
  const id = backend.binding.createTensor([], DataType.int64, words);
  try {
    return use(id);
  } finally {
    backend.binding.deleteTensor(id);
  }
}
