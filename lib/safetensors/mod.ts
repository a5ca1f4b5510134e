/**
 * Named arrays as bytes of the safetensors format, and back. Runs in a browser as well.
 *
 * @module
 */
export {
  type Dtype,
  malformed,
  parseHeader,
  type SafetensorsHeader,
  type TensorData,
} from "./header.ts";
export {
  arrayAt,
  decodeSafetensors,
  encodeSafetensors,
  headerLength,
  type SafeTensor,
  type SafetensorsBuffer,
  safetensorsPieces,
  type TensorToWrite,
} from "./safetensors.ts";
