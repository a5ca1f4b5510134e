import { type EngineInspection, seesGpu } from "../engine/mod.ts";
import type { Check } from "./check.ts";

/** What an inspection of the engine found, as checks. */
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
        : library.problem ?? "it cannot be loaded",
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
        detail: `SHOWTELL_ENGINE is "${asked}"; it must be auto, tensorflow, wasm or webgpu`,
        fix: "unset SHOWTELL_ENGINE",
      };
  }
  if (problem !== undefined) {
    return { ...check, state: "missing", detail: problem, fix: "unset SHOWTELL_TENSORFLOW" };
  }
  if (chosen === undefined) {
    return {
      ...check,
      state: "missing",
      detail: asked === "auto"
        ? "TensorFlow is not installed; the first training downloads it or, failing that, uses the " +
          "slow WebAssembly"
        : "TensorFlow is not installed",
      fix: "deno task setup",
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
    return { ...check, state: "missing", detail: "this machine has none with an NVIDIA driver" };
  }
  return {
    ...check,
    state: "unused",
    detail: "this machine has one, but none of the TensorFlow libraries found is built for it",
    fix: "deno task setup --gpu",
  };
}
