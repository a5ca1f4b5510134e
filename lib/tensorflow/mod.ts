export { type Engine, type EngineOptions, load, machineHasGpu, startEngine } from "./engine.ts";
export { giveFreedMemoryBack } from "./libc.ts";
export { type Candidate, locateTensorFlow } from "./locate.ts";
export { installedLibrary, setup, setupFolder, TENSORFLOW_VERSION } from "./setup.ts";
export { type EngineInspection, type InspectedLibrary, inspectEngine, seesGpu } from "./inspect.ts";
