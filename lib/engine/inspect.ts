import { fileURLToPath } from "node:url";
import { machineHasGpu } from "./tensorflow/load_library.ts";
import { type Candidate, locateTensorFlow } from "./locate.ts";

/** A library that may be there, and what came of loading it. */
export interface InspectedLibrary extends Candidate {
  /** Of TensorFlow; absent if it does not load. */
  version?: string;
  /** What it computes on; absent if it does not load. */
  devices?: { name: string; type: string }[];
  /** Why it does not load. */
  problem?: string;
}

/** What an engine has to choose from on this machine. */
export interface EngineInspection {
  /** What `SHOWTELL_ENGINE` asks for. */
  asked: string;
  /** Every library there may be, in the order in which they are tried. */
  libraries: InspectedLibrary[];
  /** The one that `auto` takes; absent if none loads. */
  chosen?: InspectedLibrary;
  /** Why no library could be looked for. */
  problem?: string;
  /** Whether the machine has a GPU that TensorFlow might use. */
  machineHasGpu: boolean;
}

/**
 * Looks at every TensorFlow library by loading each in a process of its own: two in one process
 * would disturb each other, and one that crashes takes nothing with it.
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

/** Whether a library that was loaded computes on a GPU. */
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
    problem: said?.replace(/^.*?Error: /, "") ?? `it ends the process (${signal ?? "no reason"})`,
  };
}
