import type * as tf from "@tensorflow/tfjs";
import type { Arithmetic } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { DataType } from "./data_types.ts";
import { FunctionBody, type Value } from "./function_body.ts";
import { execute } from "./operations.ts";

/** A function of TensorFlow. */
export interface GraphFunction {
  /** Tells it from all others: what it does and every size that it is made for; others may differ from call to call. */
  name: string;
  /** How it multiplies matrices. */
  arithmetic: Arithmetic;
  /** Results. */
  outputs: number;
  /** Makes its body from its inputs. */
  build(body: FunctionBody, inputs: Value[]): Value[];
}

/**
 * Runs a function of float32 and int32 tensors, of which the results are float32; it is made when it
 * is first asked for.
 */
export function callFunction(
  backend: TensorFlowBackend,
  { name, arithmetic, outputs, build }: GraphFunction,
  inputs: tf.Tensor[],
): tf.Tensor[] {
  const full = `${name}_${arithmetic}`;
  backend.binding.demandFunction(full, () => {
    const body = new FunctionBody(arithmetic);
    const types = new Map(inputs.map(({ dtype }, i) => [
      `input_${i}`,
      dtype === "int32" ? DataType.int32 : DataType.float32,
    ]));
    return body.definition(full, types, build(body, [...types.keys()]));
  });
  return execute(backend, full, [], inputs, outputs);
}
