import * as tf from "@tensorflow/tfjs";

/**
 * Puts TF.js on WebAssembly, and adds what training needs there and the
 * backend lacks: the gradient of an embedding (`UnsortedSegmentSum`).
 */
export async function installWasm(): Promise<void> {
  await import("@tensorflow/tfjs-backend-wasm");
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: unsortedSegmentSum as unknown as tf.KernelFunc,
  });
  if (!await tf.setBackend("wasm")) throw new Error("TF.js' WASM backend does not start here");
  await tf.ready();
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
