import { join } from "node:path";
import { type Architecture, architectures } from "../encoders/mod.ts";
import { userCacheFolder, writeFileWhole } from "../storage/mod.ts";
import { type EngineInspection, inspectEngine, seesGpu } from "../engine/mod.ts";
import { showBytes } from "./show_bytes.ts";

/** One thing that Showtell uses: found or not, and what mends it. */
export interface Check {
  /** What was looked for. */
  what: string;
  /** `unused`: there, but something else is taken. */
  state: "found" | "missing" | "unused";
  /** What was found, or what is wrong. */
  detail: string;
  /** The one command that brings it. */
  mend?: string;
  /** Whether training cannot run without it. */
  needed: boolean;
}

/** Looks for everything that Showtell uses; changes nothing. */
export async function examine(data: string): Promise<Check[]> {
  return [
    ...engineChecks(await inspectEngine()),
    await dataCheck(data),
    ...await weightChecks(),
    ...await notebookChecks(),
    await browserCheck(),
  ];
}

/** What an inspection of the engine means for the user. */
export function engineChecks(inspection: EngineInspection): Check[] {
  const { asked, libraries, chosen, problem } = inspection;
  const checks: Check[] = [engineCheck(inspection)];
  for (const library of libraries) {
    const { origin, path, version, devices = [] } = library;
    const isThere = version !== undefined;
    checks.push({
      what: `TensorFlow from ${origin}`,
      state: !isThere ? "missing" : library === chosen ? "found" : "unused",
      detail: isThere
        ? `${path}: ${version}, ${devices.map(({ type }) => type).join(", ")}`
        : library.problem ?? "does not load",
      needed: false,
    });
  }
  if (asked === "auto" || asked === "tensorflow") {
    if (problem === undefined) checks.push(gpuCheck(inspection));
  }
  return checks;
}

function engineCheck({ asked, chosen, problem }: EngineInspection): Check {
  const check = { what: "engine", state: "found", needed: true } as const;
  switch (asked) {
    case "wasm":
      return { ...check, detail: "WebAssembly, one thread, as SHOWTELL_ENGINE asks" };
    case "webgpu":
      return { ...check, detail: "WebGPU, as SHOWTELL_ENGINE asks" };
    case "auto":
    case "tensorflow":
      break;
    default:
      return {
        ...check,
        state: "missing",
        detail: `SHOWTELL_ENGINE is "${asked}"; it can be auto, tensorflow, wasm, webgpu`,
        mend: "unset SHOWTELL_ENGINE",
      };
  }
  if (problem !== undefined) {
    return { ...check, state: "missing", detail: problem, mend: "unset SHOWTELL_TENSORFLOW" };
  }
  if (chosen === undefined) {
    return {
      ...check,
      state: "missing",
      detail: asked === "auto"
        ? "no TensorFlow yet; the first training brings it, or goes on with WASM, which is slow"
        : "no TensorFlow yet",
      mend: "deno task setup",
      needed: asked !== "auto",
    };
  }
  const device = seesGpu(chosen) ? "GPU" : "CPU";
  return { ...check, detail: `TensorFlow ${chosen.version} from ${chosen.origin}, ${device}` };
}

function gpuCheck({ chosen, machineHasGpu }: EngineInspection): Check {
  const check = { what: "GPU", needed: false };
  if (chosen !== undefined && seesGpu(chosen)) {
    const gpus = chosen.devices!.filter(({ type }) => type === "GPU");
    return { ...check, state: "found", detail: gpus.map(({ name }) => name).join(", ") };
  }
  if (!machineHasGpu) {
    return { ...check, state: "missing", detail: "none with an NVIDIA driver in this machine" };
  }
  return {
    ...check,
    state: "unused",
    detail: "the machine has one, but no TensorFlow that was found is built for it",
    mend: "deno task setup --gpu",
  };
}

async function dataCheck(data: string): Promise<Check> {
  const check = { what: "data folder", needed: true };
  if (!await Deno.stat(data).then(() => true, () => false)) {
    return {
      ...check,
      state: "found",
      detail: `${data} is not there yet; the first task makes it`,
    };
  }
  const path = join(data, ".doctor");
  try {
    await writeFileWhole(path, "");
    await Deno.remove(path);
    return { ...check, state: "found", detail: `${data} can be written` };
  } catch (error) {
    return {
      ...check,
      state: "missing",
      detail: (error as Error).message,
      mend: `chmod -R u+w ${data}`,
    };
  }
}

async function weightChecks(): Promise<Check[]> {
  const folder = join(userCacheFolder(), "weights");
  const checks: Check[] = [];
  for (const architecture of Object.values(architectures)) {
    for (const [file, option] of publishedFiles(architecture)) {
      const path = join(folder, file);
      const size = await Deno.stat(path).then(({ size }) => size, () => undefined);
      const isThere = size !== undefined;
      checks.push({
        what: `${architecture.kind} weights`,
        state: isThere ? "found" : "missing",
        detail: isThere ? `${path} (${showBytes(size)})` : path,
        mend: isThere
          ? undefined
          : `deno task features --encoder.kind=${architecture.kind}${option} --dataset.limit=1`,
        needed: false,
      });
    }
  }
  return checks;
}

/** Each file with the option by which it is the one that is downloaded. */
function publishedFiles(
  { official, layers, defaultLayer }: Architecture,
): [file: string, option: string][] {
  if (official === undefined) return [];
  const { top, noTop } = official;
  const place = (layer: string) => layers.findIndex(({ name }) => name === layer);
  const usual = place(defaultLayer) <= place(noTop.until) ? noTop : top;
  const option = (layer: string) => ` --encoder.layer=${layer}`;
  return [
    [top.file, usual === top ? "" : option(layers[layers.length - 1].name)],
    [noTop.file, usual === noTop ? "" : option(noTop.until)],
  ];
}

async function notebookChecks(): Promise<Check[]> {
  const jupyter = await ask("jupyter", "lab", "--version");
  const convert = await ask("jupyter", "nbconvert", "--version");
  const kernels = await ask("jupyter", "kernelspec", "list", "--json");
  const hasKernel = kernels !== undefined &&
    Object.hasOwn(JSON.parse(kernels).kernelspecs ?? {}, "deno");
  const check = (
    what: string,
    found: string | undefined,
    missing: string,
    mend: string,
  ): Check => ({
    what,
    state: found === undefined ? "missing" : "found",
    detail: found ?? missing,
    mend: found === undefined ? mend : undefined,
    needed: false,
  });
  return [
    check("JupyterLab", jupyter, "to read the notebooks in", "pip install jupyterlab"),
    check("nbconvert", convert, "runs `deno task notebooks`", "pip install nbconvert"),
    check(
      "Deno kernel",
      hasKernel ? "known to Jupyter" : undefined,
      jupyter === undefined && convert === undefined ? "Jupyter first" : "unknown to Jupyter",
      "deno jupyter --install",
    ),
  ];
}

async function browserCheck(): Promise<Check> {
  const version = await ask("chromium", "--version");
  return {
    what: "Chromium",
    state: version === undefined ? "missing" : "found",
    detail: version ?? "only tests of pages and notebooks use it",
    mend: version === undefined ? "apt install chromium" : undefined,
    needed: false,
  };
}

/** What a command prints; undefined if it is not there or fails. */
async function ask(command: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args, stdin: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
