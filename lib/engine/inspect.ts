import { fileURLToPath } from "node:url";
import { machineHasGpu } from "./tensorflow/load_library.ts";
import { type Candidate, locateTensorFlow } from "./locate.ts";

/** A candidate, and the result of loading it. */
export interface InspectedLibrary extends Candidate {
  /** TensorFlow's version; absent if the library does not load. */
  version?: string;
  /** What it computes on; absent if the library does not load. */
  devices?: { name: string; type: string }[];
  /** Why it does not load. */
  problem?: string;
}

/** The engines available on this machine. */
export interface EngineInspection {
  /** The value of `SHOWTELL_ENGINE`. */
  asked: string;
  /** Every candidate, in the order in which they are tried. */
  libraries: InspectedLibrary[];
  /** The one that `auto` chooses; absent if none loads. */
  chosen?: InspectedLibrary;
  /** Why the search for libraries failed. */
  problem?: string;
  /** Whether the machine has a GPU that TensorFlow might use. */
  machineHasGpu: boolean;
}

/**
 * Loads every TensorFlow library, each in its own process: two in one process would interfere with
 * each other, and a crash affects nothing else.
 */
export async function inspectEngine(): Promise<EngineInspection> {
  const inspection: EngineInspection = {
    asked: Deno.env.get("SHOWTELL_ENGINE") ?? "auto",
    libraries: [],
    machineHasGpu: machineHasGpu(),
  };
  try {
    for (const candidate of locateTensorFlow()) {
      inspection.libraries.push({ ...candidate, ...await probe(candidate) });
    }
  } catch (error) {
    inspection.problem = (error as Error).message;
  }
  const loading = inspection.libraries.filter(({ version }) => version !== undefined);
  inspection.chosen = loading.find(seesGpu) ?? loading[0];
  return inspection;
}

/** Whether a loaded library computes on a GPU. */
export function seesGpu({ devices = [] }: InspectedLibrary): boolean {
  return devices.some(({ type }) => type === "GPU");
}

async function probe({ path, framework }: Candidate): Promise<Partial<InspectedLibrary>> {
  const script = fileURLToPath(new URL("./probe_library.ts", import.meta.url));
  const { success, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check"]
      .concat("--allow-read", "--allow-ffi", "--allow-env", "--allow-sys", script, path)
      .concat(framework ?? []),
    stdin: "null",
  }).output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
  const said = new TextDecoder().decode(stderr).split("\n").find((line) => line.includes("Error:"));
  return {
    problem: said?.replace(/^.*?Error: /, "") ??
      `loading it ended the process (${signal ?? "no reason"})`,
  };
}
