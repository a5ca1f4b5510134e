import * as tf from "@tensorflow/tfjs";
import { type FusedOps, type OptimizerFactory, plainAdam } from "../nn/mod.ts";
import { installBackend } from "./tensorflow/backend.ts";
import { Binding } from "./tensorflow/binding.ts";
import { openCApi } from "./tensorflow/c_api.ts";
import { tensorflowFusedOps } from "./tensorflow/fused_ops.ts";
import { keepFreedMemory, pinLibrary, withoutNativeLog } from "./tensorflow/libc.ts";
import { type Candidate, locateTensorFlow } from "./locate.ts";
import { resourceAdamFactory } from "./tensorflow/resource_adam.ts";
import { setup } from "./setup.ts";
import { installWasm } from "./wasm.ts";
import type { Listener } from "../listener/mod.ts";

/** What TF.js computes on. */
export interface Engine {
  /** TF.js' name of the backend. */
  name: "tensorflow" | "wasm" | "webgpu";
  /** One line for people: library, version, where it came from, devices. */
  description: string;
  /** Whether a GPU does the work. */
  gpu: boolean;
  /** Operations that TF.js itself does not have; absent where the plain way is all there is. */
  fused?: FusedOps;
  /** Adam by the engine's fastest way. */
  optimizer: OptimizerFactory;
}

const CHOICES = ["auto", "tensorflow", "wasm", "webgpu"] as const;

let started: Promise<Engine> | undefined;

/**
 * Puts TF.js on the engine that `SHOWTELL_ENGINE` names (`auto` by default:
 * TensorFlow, brought first if there is none, else WASM). One engine serves
 * the whole process; later calls give the same.
 *
 * @throws {Error} if the engine named cannot start, with the reason
 */
export function startEngine(options: Pick<Listener, "say"> = {}): Promise<Engine> {
  return started ??= start(options.say ?? (() => {}));
}

async function start(say: Required<Listener>["say"]): Promise<Engine> {
  const choice = Deno.env.get("SHOWTELL_ENGINE") || "auto";
  switch (choice as typeof CHOICES[number]) {
    case "wasm":
      return await startWasm();
    case "webgpu":
      return await startWebGpu();
    case "tensorflow":
      return await startTensorFlow(say);
    case "auto":
      try {
        return await startTensorFlow(say);
      } catch (error) {
        if (Deno.env.get("SHOWTELL_TENSORFLOW")) throw error;
        say(
          `${(error as Error).message}. Going on with WASM, which is several times slower; ` +
            `\`deno task doctor\` tells how to mend this.`,
        );
        return await startWasm();
      }
    default:
      throw new RangeError(
        `SHOWTELL_ENGINE is "${choice}"; it can be ${CHOICES.join(", ")}`,
      );
  }
}

async function startTensorFlow(say: Required<Listener>["say"]): Promise<Engine> {
  let loaded = Deno.env.get("SHOWTELL_TENSORFLOW") ? loadNamed() : loadBest(say);
  if (loaded === undefined) {
    await setup({ say });
    loaded = loadBest(say);
  }
  if (loaded === undefined) {
    throw new Error("The TensorFlow library that was brought does not load");
  }
  const { binding, candidate } = loaded;
  const backend = await installBackend(binding);
  const gpus = binding.devices.filter((device) => device.type === "GPU").length;
  return {
    name: "tensorflow",
    description: `TensorFlow ${binding.TF_Version} from ${candidate.origin}, ` +
      (gpus > 0 ? `${gpus} GPU${gpus > 1 ? "s" : ""}` : "CPU"),
    gpu: gpus > 0,
    fused: tensorflowFusedOps(backend),
    optimizer: resourceAdamFactory(backend),
  };
}

interface Loaded {
  binding: Binding;
  candidate: Candidate;
}

/** The library that the user named: it is used or an error. */
function loadNamed(): Loaded {
  const [candidate] = locateTensorFlow();
  return { binding: load(candidate), candidate };
}

/** The first library that sees a GPU, otherwise the first that loads. */
function loadBest(say: Required<Listener>["say"]): Loaded | undefined {
  let first: Loaded | undefined;
  for (const candidate of locateTensorFlow()) {
    try {
      const binding = load(candidate);
      if (binding.isUsingGpuDevice()) return { binding, candidate };
      first ??= { binding, candidate };
      if (!machineHasGpu()) return first;
    } catch (error) {
      // A bare name is only a question to the loader; a file that is there should load.
      if (candidate.path.includes("/")) say((error as Error).message);
    }
  }
  return first;
}

/**
 * Opens one library.
 *
 * @internal
 * @throws {Error} if it cannot be loaded
 */
export function load({ path, framework }: Candidate): Binding {
  if (Deno.env.get("TF_CPP_MIN_LOG_LEVEL") === undefined) {
    Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
  }
  keepFreedMemory();
  return withoutNativeLog(() => {
    if (framework !== undefined) pinLibrary(framework);
    pinLibrary(path);
    return new Binding(openCApi(path));
  });
}

/** Whether there is a GPU that only another build of TensorFlow might see. */
export function machineHasGpu(): boolean {
  try {
    Deno.statSync("/proc/driver/nvidia/version");
    return true;
  } catch {
    return false; // not there, not Linux, or not allowed to look: nothing to gain by searching on
  }
}

async function startWasm(): Promise<Engine> {
  await installWasm();
  return {
    name: "wasm",
    description: "TF.js on WebAssembly, one thread",
    gpu: false,
    optimizer: plainAdam,
  };
}

async function startWebGpu(): Promise<Engine> {
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!await tf.setBackend("webgpu").catch(() => false)) {
    throw new Error("There is no WebGPU adapter that TF.js could use; set SHOWTELL_ENGINE=auto");
  }
  return { name: "webgpu", description: "TF.js on WebGPU", gpu: true, optimizer: plainAdam };
}
