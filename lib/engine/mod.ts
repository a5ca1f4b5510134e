/**
 * What TF.js computes on: finds a TensorFlow library or takes WASM or WebGPU, and says what was
 * chosen.
 *
 * @module
 */
export type { Engine } from "./engine.ts";
export { startEngine } from "./start_engine.ts";
export { giveFreedMemoryBack } from "./tensorflow/libc.ts";
export { type Candidate, locateTensorFlow } from "./locate.ts";
export { installedLibrary, setup, setupFolder, TENSORFLOW_VERSION } from "./setup.ts";
export { type EngineInspection, type InspectedLibrary, inspectEngine, seesGpu } from "./inspect.ts";
