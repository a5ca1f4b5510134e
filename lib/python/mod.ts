/**
 * What Python writes, read as data: pickles, NumPy arrays and the tensors of torch. Nothing in a file is ever executed.
 *
 * @module
 */
export { type ByteSource, FileBytes, MemoryBytes } from "./byte_source.ts";
export { checkFloats, floatsOf, NumpyArray } from "./numpy/array.ts";
export { NumpyDtype } from "./numpy/dtype.ts";
export {
  isNpy,
  NPY_PREFIX,
  type NpyHeader,
  npyHeaderEnd,
  parseNpyHeader,
  readNpy,
} from "./numpy/npy.ts";
export type { Global, GlobalKind } from "./pickle/global.ts";
export { describeValue, type StackValue, type UnfilledArray } from "./pickle/build.ts";
export { readPickle } from "./pickle/read_pickle.ts";
export { latin1, type TextEncoding, textOfBytes } from "./pickle/text.ts";
export { PickleObject, PickleTuple, type PickleValue, StoredText } from "./pickle/values.ts";
export { StoredBytes } from "./stored_bytes.ts";
export { isTorchFile, readTorchState } from "./torch/read_state.ts";
export type { TorchStorage, TorchTensor } from "./torch/tensor.ts";
