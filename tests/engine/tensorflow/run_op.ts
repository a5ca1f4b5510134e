import type { Binding } from "../../../lib/engine/tensorflow/binding.ts";
import { AttributeType } from "../../../lib/engine/tensorflow/data_types.ts";
import { assertEquals } from "../../assert.ts";
import { ignoreTensorFlow, startTensorFlow } from "./tensorflow_backend.ts";

/** A test on the binding, which must hold as many handles after it as before. */
export function test(name: string, work: (binding: Binding) => void): void {
  Deno.test({
    name,
    ignore: ignoreTensorFlow,
    async fn() {
      const { binding } = (await startTensorFlow()).backend;
      const before = binding.getNumOfTensors();
      work(binding);
      assertEquals(binding.getNumOfTensors(), before, "handles are left");
    },
  });
}

/** The attribute of a type, or of a list of types. */
export const type = (name: string, value: number | number[]) => ({
  name,
  type: AttributeType.type,
  value,
});
/** The attribute `T`. */
export const T = (dtype: number) => type("T", dtype);

/** What comes back of values that went in as a tensor. */
export function roundTrip(binding: Binding, shape: number[], dtype: number, values: unknown) {
  const id = binding.createTensor(shape, dtype, values as Float32Array);
  try {
    return binding.tensorDataSync(id);
  } finally {
    binding.deleteTensor(id);
  }
}

/** Runs an operation on tensors of these values and returns its results' values. */
export function runOp(
  binding: Binding,
  name: string,
  attributes: Parameters<Binding["executeOp"]>[1],
  inputs: [shape: number[], dtype: number, values: unknown][],
  outputs = 1,
) {
  const ids = inputs.map(([shape, dtype, values]) =>
    binding.createTensor(shape, dtype, values as Float32Array)
  );
  try {
    return binding.executeOp(name, attributes, ids, outputs).map(({ id, shape, dtype }) => {
      const values = binding.tensorDataSync(id);
      binding.deleteTensor(id);
      return { shape, dtype, values };
    });
  } finally {
    ids.forEach((id) => binding.deleteTensor(id));
  }
}

/** A string of a tensor. */
export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
