import { loaderFolders } from "../processes/mod.ts";
import type { Gpu } from "./gpu.ts";

/** The loader's own search first, then where WSL2 and NixOS keep it. */
const PATHS = [
  "libcuda.so.1",
  "/usr/lib/wsl/lib/libcuda.so.1",
  "/run/opengl-driver/lib/libcuda.so.1",
];
const NO_DEVICE = 100;
const NAME_BYTES = 256;
const COMPUTE_CAPABILITY_MAJOR = 75;

/** The functions of CUDA's driver API (cuda.h) in use; all but the first are asked for if there. */
const SYMBOLS = {
  cuInit: { parameters: ["u32"], result: "i32" },
  cuDriverGetVersion: { parameters: ["buffer"], result: "i32", optional: true },
  cuDeviceGetCount: { parameters: ["buffer"], result: "i32", optional: true },
  cuDeviceGet: { parameters: ["buffer", "i32"], result: "i32", optional: true },
  cuDeviceGetName: { parameters: ["buffer", "i32", "i32"], result: "i32", optional: true },
  cuDeviceGetAttribute: { parameters: ["buffer", "i32", "i32"], result: "i32", optional: true },
  cuGetErrorString: { parameters: ["i32", "buffer"], result: "i32", optional: true },
} as const satisfies Deno.ForeignLibraryInterface;

type CudaDriver = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/**
 * Asks libcuda for the GPUs. The library stays open: TensorFlow, which looks for it by its bare
 * name, then finds it wherever it lies.
 *
 * @returns undefined if there is no libcuda
 */
export function askCudaDriver(): Gpu | undefined {
  const cuda = openCudaDriver();
  if (cuda === undefined) return undefined;
  const driver = supportedCuda(cuda);
  const error = cuda.cuInit(0);
  if (error === NO_DEVICE) return noDevice(driver);
  if (error !== 0) {
    return { names: [], driver, problem: `its driver reports ${errorText(cuda, error)}` };
  }
  const count = new Int32Array(1);
  if (cuda.cuDeviceGetCount?.(count) !== 0 || count[0] === 0) return noDevice(driver);
  const ordinals = Array.from({ length: count[0] }, (_, i) => i);
  return {
    names: ordinals.map((i) => nameOf(cuda, i)),
    generation: oldest(ordinals.map((i) => generationOf(cuda, i))),
    driver,
  };
}

function openCudaDriver(): CudaDriver | undefined {
  const passed = loaderFolders().map((folder) => `${folder}/${PATHS[0]}`);
  for (const path of [...passed, ...PATHS]) {
    try {
      return Deno.dlopen(path, SYMBOLS).symbols;
    } catch {
      // Not there, not a library, or not permitted: the next one, then the driver's files.
    }
  }
}

/** None, or one that the user hides. */
function noDevice(driver: string | undefined): Gpu {
  const hidden = Deno.env.get("CUDA_VISIBLE_DEVICES");
  return {
    names: [],
    driver,
    problem: hidden === undefined ? undefined : `CUDA_VISIBLE_DEVICES="${hidden}" shows none`,
  };
}

function supportedCuda(cuda: CudaDriver): string | undefined {
  const version = new Int32Array(1);
  if (cuda.cuDriverGetVersion?.(version) !== 0 || version[0] === 0) return undefined;
  return `driver for CUDA ${Math.floor(version[0] / 1000)}.${Math.floor(version[0] % 1000 / 10)}`;
}

function nameOf(cuda: CudaDriver, ordinal: number): string {
  const device = Int32Array.of(ordinal);
  cuda.cuDeviceGet?.(device, ordinal);
  const name = new Uint8Array(NAME_BYTES);
  if (cuda.cuDeviceGetName?.(name, NAME_BYTES, device[0]) !== 0) return "NVIDIA GPU";
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}

function generationOf(cuda: CudaDriver, ordinal: number): number | undefined {
  const device = Int32Array.of(ordinal);
  cuda.cuDeviceGet?.(device, ordinal);
  const major = new Int32Array(1);
  const error = cuda.cuDeviceGetAttribute?.(major, COMPUTE_CAPABILITY_MAJOR, device[0]);
  return error === 0 ? major[0] : undefined;
}

/** Undefined if one of them is not known. */
function oldest(generations: (number | undefined)[]): number | undefined {
  return generations.includes(undefined) ? undefined : Math.min(...generations as number[]);
}

function errorText(cuda: CudaDriver, error: number): string {
  const text = new BigUint64Array(1);
  const pointer = cuda.cuGetErrorString?.(error, text) === 0
    ? Deno.UnsafePointer.create(text[0])
    : null;
  return `CUDA error ${error}` +
    (pointer === null ? "" : ` (${new Deno.UnsafePointerView(pointer).getCString()})`);
}
