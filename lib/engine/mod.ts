/**
 * The engine under TF.js: a TensorFlow library if one is found or downloaded, otherwise WASM or
 * WebGPU.
 *
 * @module
 */
export type { Engine } from "./engine.ts";
export { startEngine } from "./start_engine.ts";
export { giveFreedMemoryBack } from "./tensorflow/libc.ts";
export { type Candidate } from "./locate.ts";
export { setup } from "./setup.ts";
export { type EngineInspection, type InspectedLibrary, inspectEngine, seesGpu } from "./inspect.ts";
