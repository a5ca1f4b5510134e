import * as tf from "@tensorflow/tfjs";
import { plainAdam } from "../nn/mod.ts";
import type { Engine } from "./engine.ts";

/**
 * Starts TF.js on WebAssembly, and adds what training needs and the backend lacks: the gradient of
 * an embedding (`UnsortedSegmentSum`), and products of transposed matrices that are not twenty times
 * slower than others.
 */
export async function startWasm(): Promise<Engine> {
  await import("@tensorflow/tfjs-backend-wasm");
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: unsortedSegmentSum as unknown as tf.KernelFunc,
  });
  transposeBeforeMatMul();
  if (!await tf.setBackend("wasm")) throw new Error("TF.js' WASM backend does not start here");
  await tf.ready();
  return {
    name: "wasm",
    description: "TF.js on WebAssembly, one thread",
    gpu: false,
    optimizer: plainAdam,
  };
}

/**
 * The backend multiplies transposed matrices, which every gradient needs, in a plain loop;
 * transposed beforehand, they take its fast path.
 */
function transposeBeforeMatMul(): void {
  const backendName = "wasm";
  const multiply = tf.getKernel("BatchMatMul", backendName);
  const transpose = tf.getKernel("Transpose", backendName);
  const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
    const transposed: tf.TensorInfo[] = [];
    const transposeIf = (x: tf.TensorInfo, wanted: unknown): tf.TensorInfo => {
      if (!wanted) return x;
      const rank = x.shape.length;
      const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
      const result = transpose.kernelFunc({ inputs: { x }, backend, attrs: { perm } });
      transposed.push(result as tf.TensorInfo);
      return result as tf.TensorInfo;
    };
    const a = transposeIf(inputs.a!, attrs?.transposeA);
    const b = transposeIf(inputs.b!, attrs?.transposeB);
    const product = multiply.kernelFunc({
      inputs: { a, b },
      backend,
      attrs: { transposeA: false, transposeB: false },
    });
    for (const { dataId } of transposed) (backend as tf.KernelBackend).disposeData(dataId);
    return product;
  };
  tf.unregisterKernel("BatchMatMul", backendName);
  tf.registerKernel({ ...multiply, kernelName: "BatchMatMul", backendName, kernelFunc });
}

/** sum over i with segmentIds[i] = s of x[i], for every s; ids below 0 are left out. */
function unsortedSegmentSum(
  { inputs, backend, attrs }: {
    inputs: { x: tf.TensorInfo; segmentIds: tf.TensorInfo };
    backend: tf.KernelBackend & {
      readSync(dataId: object): tf.backend_util.TypedArray;
      makeOutput(
        shape: number[],
        dtype: tf.DataType,
        offset?: number,
        values?: Float32Array | Int32Array,
      ): tf.TensorInfo;
    };
    attrs: { numSegments: number };
  },
): tf.TensorInfo {
  const { x, segmentIds } = inputs;
  const values = backend.readSync(x.dataId) as Float32Array | Int32Array;
  const ids = backend.readSync(segmentIds.dataId) as Int32Array;
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const width = tf.util.sizeFromShape(rowShape);
  const size = attrs.numSegments * width;
  const sums = x.dtype === "int32" ? new Int32Array(size) : new Float32Array(size);
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] < 0) continue;
    const from = i * width;
    const to = ids[i] * width;
    for (let k = 0; k < width; k++) sums[to + k] += values[from + k];
  }
  return backend.makeOutput([attrs.numSegments, ...rowShape], x.dtype, undefined, sums);
}
