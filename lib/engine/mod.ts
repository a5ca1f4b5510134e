/**
 * The engine under TF.js: a TensorFlow library if one is found or downloaded, otherwise WASM.
 *
 * @module
 */
export type { Engine } from "./engine.ts";
export { engineChoice, startEngine } from "./start_engine.ts";
export { giveFreedMemoryBack } from "./tensorflow/libc.ts";
export { type Candidate } from "./locate.ts";
export { setup } from "./setup.ts";
export { type ArithmeticInspection, inspectArithmetic } from "./inspect_arithmetic.ts";
export type { Bfloat16Speed } from "./bfloat16_speed.ts";
export type { Processor, ProcessorExtension } from "./processor.ts";
export { type EngineInspection, type InspectedLibrary, inspectEngine } from "./inspect.ts";
export { seesGpu, type Trial } from "./try_library.ts";
