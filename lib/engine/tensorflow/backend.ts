import nodeUtil from "node:util";
import * as tf from "@tensorflow/tfjs";
import type { TensorMetadata, TFEOpAttr } from "./binding_types.ts";
import type { Binding } from "./binding.ts";

/** The parts of TF.js' `NodeJSKernelBackend` that the fused operations call. */
export interface TensorFlowBackend extends tf.KernelBackend {
  readonly binding: Binding;
  executeSingleOutput(name: string, attributes: TFEOpAttr[], inputs: tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: TFEOpAttr[],
    inputs: tf.Tensor[],
    outputCount: number,
  ): tf.Tensor[];
  getInputTensorIds(tensors: tf.Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

/**
 * Starts TF.js on TensorFlow: the backend class and the kernels of
 * `@tensorflow/tfjs-node-gpu`, on our binding instead of its compiled addon.
 */
export async function installBackend(binding: Binding): Promise<TensorFlowBackend> {
  const NodeJSKernelBackend = await loadBackend();
  tf.registerBackend(
    "tensorflow",
    () =>
      new NodeJSKernelBackend(
        // Its own type demands classes of the addon that no code of it uses.
        binding as never,
        "@tensorflow/tfjs-node-gpu",
      ),
    3,
  );
  if (!await tf.setBackend("tensorflow")) {
    throw new Error("TF.js does not start on the TensorFlow library that was loaded");
  }
  return tf.backend() as TensorFlowBackend;
}

/** Loads the package's modules and registers its kernels; it may be called beforehand. */
export async function loadBackend() {
  restoreRemovedNodeFunctions();
  // Not the package's index.js: that one insists on the addon.
  await import("@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js");
  const { NodeJSKernelBackend } = await import(
    "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js"
  );
  return NodeJSKernelBackend;
}

/** The package calls two functions that `node:util` has dropped. */
function restoreRemovedNodeFunctions(): void {
  const target = nodeUtil as unknown as Record<string, (value: unknown) => boolean>;
  target.isNullOrUndefined ??= (value) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}
