import * as tf from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "../../../lib/engine/tensorflow/backend.ts";
import { type Engine, startEngine } from "../../../lib/engine/mod.ts";
import { granted } from "../../permissions.ts";

/** Whether a test that needs TensorFlow has to be ignored. */
export const ignoreTensorFlow = !granted("read", "write", "ffi", "env", "sys", "net", "run");

/** The engine on TensorFlow; anything else is a failure of the test, not a reason to skip it. */
export async function startTensorFlow(): Promise<
  Required<Engine> & { backend: TensorFlowBackend }
> {
  const { name, description, gpu, fused, optimizer } = await startEngine();
  if (fused === undefined || optimizer === undefined) {
    throw new Error(`These tests need TensorFlow, but the engine is ${description}`);
  }
  await tf.setBackend("tensorflow");
  const backend = tf.backend() as TensorFlowBackend;
  return { name, description, gpu, fused, optimizer, backend };
}

/** Runs `work` and demands that neither TF.js nor the binding holds a tensor more than before. */
export async function withoutLeak<T>(
  backend: TensorFlowBackend,
  work: () => T | Promise<T>,
): Promise<T> {
  const count = () =>
    `${tf.memory().numTensors} tensors, ${backend.binding.getNumOfTensors()} handles`;
  const before = count();
  const result = await work();
  const after = count();
  if (after !== before) throw new Error(`It leaks: ${before} before, ${after} after`);
  return result;
}
