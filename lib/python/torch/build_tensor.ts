import { Global } from "../pickle/global.ts";
import { PickleTuple, type PickleValue } from "../pickle/values.ts";
import { TorchStorage, TorchTensor } from "./tensor.ts";

/**
 * The storage that a persistent id names: `("storage", class, key, device, count, None)`.
 *
 * @returns undefined if it is no such id
 */
export function storageOf(id: PickleValue): TorchStorage | undefined {
  if (!(id instanceof PickleTuple)) return undefined;
  const [what, type, key, , count, view = null, ...more] = id.items;
  if (what !== "storage" || !(type instanceof Global) || type.kind !== "storage") return undefined;
  if (typeof key !== "string" || !isCount(count) || view !== null || more.length > 0) {
    return undefined;
  }
  return new TorchStorage(key, type.name.slice(type.name.lastIndexOf(".") + 1), count);
}

/**
 * What `torch._utils._rebuild_tensor_v2` makes of these arguments.
 *
 * @returns undefined if no tensor within its storage comes out
 */
export function tensorOf(
  [storage, offset, shape, strides]: readonly unknown[],
): TorchTensor | undefined {
  const sides = countsOf(shape), steps = countsOf(strides);
  if (!(storage instanceof TorchStorage) || !isCount(offset)) return undefined;
  if (sides === undefined || steps === undefined || sides.length !== steps.length) return undefined;
  const size = sides.reduce((product, side) => product * side, 1);
  const last = sides.reduce((at, side, axis) => at + (side - 1) * steps[axis], offset);
  // A stride of 0 would let one number fill the memory.
  if (size > storage.count || size > 0 && last >= storage.count) return undefined;
  return new TorchTensor(storage, offset, sides, steps);
}

function countsOf(value: unknown): number[] | undefined {
  return value instanceof PickleTuple && value.items.every(isCount)
    ? [...value.items] as number[]
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}
