import { describeGpu, type Gpu } from "./gpu.ts";
import { DamagedFileError } from "../storage/mod.ts";
import { childEnvironment } from "../processes/mod.ts";
import { installedLibrary, setupFolder } from "./installed_library.ts";
import { type Candidate, locateTensorFlow } from "./locate.ts";
import {
  AlteredLibraryError,
  checkLibrary,
  isKnownLibrary,
  setupCommand,
} from "./library_record.ts";
import { runProbe } from "./run_probe.ts";
import { seesGpu, type Trial, tryLibrary } from "./try_library.ts";
import { setupProblem } from "./wheels.ts";

/** A candidate, and the result of trying it. */
export interface InspectedLibrary extends Candidate, Trial {}

/** The engines available on this machine. */
export interface EngineInspection {
  /** The value of `SHOWTELL_ENGINE`. */
  asked: string;
  /** Every candidate, in the order in which they are tried. */
  libraries: InspectedLibrary[];
  /** The one that `auto` chooses; absent if none can be used. */
  chosen?: InspectedLibrary;
  /** Why the search for libraries failed. */
  problem?: string;
  /** What `setup` downloaded and somebody altered, so that no task starts; and what fixes it. */
  altered?: { problem: string; fix: string };
  /** The machine's NVIDIA GPU, in words; absent if there is none. */
  gpu?: string;
  /** Where `setup` puts its library; absent if HOME is not set. */
  setupFolder?: string;
  /** Where `setup --gpu` has put its library; absent if it has not. */
  gpuSetupFolder?: string;
  /** Why `setup` has no library for this system; absent if it has one. */
  noSetup?: string;
  /** Why `setup --gpu` has no library for this system; absent if it has one. */
  noGpuSetup?: string;
}

/** Tries every TensorFlow library, and looks for a GPU. */
export async function inspectEngine(): Promise<EngineInspection> {
  const gpu = await askForGpu();
  const inspection: EngineInspection = {
    asked: Deno.env.get("SHOWTELL_ENGINE") || "auto",
    libraries: [],
    gpu: gpu && describeGpu(gpu),
    ...folders(),
    noSetup: setupProblem(false),
    noGpuSetup: setupProblem(true),
  };
  try {
    for (const candidate of locateTensorFlow()) {
      inspection.altered ??= await findAltered(candidate);
      if (inspection.altered !== undefined) break; // nothing of it is loaded
      const trial = await tryLibrary(candidate, { unlike: true }) ??
        { problem: "it could not be tried" };
      inspection.libraries.push({ ...candidate, ...trial });
    }
  } catch (error) {
    inspection.problem = (error as Error).message;
  }
  const working = inspection.libraries.filter(({ version }) => version !== undefined);
  inspection.chosen = working.find(seesGpu) ?? working[0];
  return inspection;
}

async function findAltered(
  { setupFolder: folder }: Candidate,
): Promise<EngineInspection["altered"]> {
  if (folder === undefined) return undefined;
  const fix = setupCommand(folder);
  try {
    if (await checkLibrary(folder) !== "unrecorded" || await isKnownLibrary(folder)) {
      return undefined;
    }
    return { problem: `${folder} has no record of its files, and is not known`, fix };
  } catch (error) {
    if (!(error instanceof AlteredLibraryError || error instanceof DamagedFileError)) throw error;
    return { problem: error.message.replace(/: `[^`]*` .*$/, ""), fix };
  }
}

function folders(): Pick<EngineInspection, "setupFolder" | "gpuSetupFolder"> {
  if (!Deno.env.get("HOME")) return {};
  return { setupFolder: setupFolder(false), gpuSetupFolder: installedLibrary(true) };
}

/** The GPU as the engine finds it; where it finds none, as NVIDIA's own command does. */
async function askForGpu(): Promise<Gpu | undefined> {
  const probed = await runProbe("probe_gpu.ts");
  const found: Gpu | null = probed?.answer === undefined ? null : JSON.parse(probed.answer);
  if (found !== null && found.names.length > 0) return found;
  const names = await askNvidiaSmi();
  if (names.length === 0) return found ?? undefined;
  return { problem: "libcuda.so.1 is not found", ...found, names };
}

async function askNvidiaSmi(): Promise<string[]> {
  for (const command of ["nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi"]) {
    try {
      const { success, stdout } = await new Deno.Command(command, {
        args: ["--query-gpu=name", "--format=csv,noheader"],
        stdin: "null",
        ...childEnvironment(),
      }).output();
      if (!success) continue;
      return new TextDecoder().decode(stdout).split("\n").map((line) => line.trim())
        .filter((line) => line !== "");
    } catch {
      // Not installed, or not permitted to run.
    }
  }
  return [];
}
