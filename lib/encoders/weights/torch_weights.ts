import { FileBytes, readTorchState, type TorchTensor } from "../../python/mod.ts";
import type { SourceLayer, WeightSource } from "./weight_source.ts";

/** Axes of torch's kernels in Keras' order: [out, in, height, width] → [height, width, in, out]. */
const AXES: Readonly<Record<number, readonly number[]>> = { 1: [0], 2: [1, 0], 4: [2, 3, 1, 0] };

/** A depthwise kernel has [channels, 1, height, width] in torch, [height, width, channels, 1] in Keras. */
const DEPTHWISE = [2, 3, 0, 1];

/**
 * Weights in a state dict that torch wrote in its legacy format. A layer is what stands before the
 * last dot of a tensor's name; its tensors are in the order of Keras' arrays already, their axes are
 * put into Keras' order.
 *
 * @throws {SyntaxError} if the file is damaged, or is not a state dict
 */
export function torchWeights(path: string, digest: string): WeightSource {
  const file = new FileBytes(path);
  try {
    const layers: (SourceLayer & { tensors: TorchTensor[] })[] = [];
    for (const [name, tensor] of readTorchState(file)) {
      if (!tensor.isFloat || axesOf(tensor) === undefined) continue; // num_batches_tracked
      const dot = name.lastIndexOf(".");
      const layer = name.slice(0, dot);
      if (layers.at(-1)?.name !== layer) layers.push({ name: layer, arrays: [], tensors: [] });
      const { arrays, tensors } = layers.at(-1)!;
      arrays.push({ name: name.slice(dot + 1), shape: keptIn(tensor, tensor.shape) });
      tensors.push(tensor);
    }
    return {
      label: path,
      digest,
      layers,
      read: (layer, array) => {
        const tensor = layers[layer].tensors[array];
        return tensor.read(axesOf(tensor));
      },
      close: () => file[Symbol.dispose](),
    };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

function axesOf({ shape }: TorchTensor): readonly number[] | undefined {
  return shape.length === 4 && shape[1] === 1 ? DEPTHWISE : AXES[shape.length];
}

function keptIn(tensor: TorchTensor, sides: readonly number[]): number[] {
  return axesOf(tensor)!.map((axis) => sides[axis]);
}
