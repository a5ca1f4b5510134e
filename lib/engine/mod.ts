export { type Engine, load, machineHasGpu, startEngine } from "./engine.ts";
export { giveFreedMemoryBack } from "./tensorflow/libc.ts";
export { type Candidate, locateTensorFlow } from "./locate.ts";
export { installedLibrary, setup, setupFolder, TENSORFLOW_VERSION } from "./setup.ts";
export { type EngineInspection, type InspectedLibrary, inspectEngine, seesGpu } from "./inspect.ts";
