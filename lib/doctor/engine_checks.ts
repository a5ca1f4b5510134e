import { engineChoice, type EngineInspection, seesGpu } from "../engine/mod.ts";
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
  if (asked !== "wasm" && problem === undefined) checks.push(gpuCheck(inspection));
  return checks;
}

function engineCheck(inspection: EngineInspection): Check {
  const { asked, chosen, problem, altered } = inspection;
  const check = { what: "engine", state: "found", needed: true } as const;
  try {
    if (engineChoice(asked) === "wasm") {
      return { ...check, detail: "WebAssembly, one thread, as SHOWTELL_ENGINE asks" };
    }
  } catch (error) {
    const detail = (error as Error).message;
    return { ...check, state: "missing", detail, fix: "unset SHOWTELL_ENGINE" };
  }
  if (altered !== undefined) {
    return { ...check, state: "missing", detail: altered.problem, fix: altered.fix };
  }
  if (problem !== undefined) {
    return { ...check, state: "missing", detail: problem, fix: "unset SHOWTELL_TENSORFLOW" };
  }
  if (chosen === undefined) return noLibrary(inspection);
  const device = seesGpu(chosen) ? "GPU" : "CPU";
  return { ...check, detail: `TensorFlow ${chosen.version} from ${chosen.origin}, ${device}` };
}

/** No library can be used: `auto` goes on with WASM, unless the user named a library. */
function noLibrary({ asked, libraries, noSetup, setupFolder }: EngineInspection): Check {
  const named = libraries.find(({ origin }) => origin === "SHOWTELL_TENSORFLOW");
  const failed = libraries.filter(({ path, problem }) => path.includes("/") && problem);
  const check: Check = {
    what: "engine",
    state: "missing",
    detail: "",
    needed: asked !== "auto" || (named !== undefined && !named.crashes),
  };
  const wasm = asked === "auto" ? "; tasks use the slow WebAssembly" : "";
  if (named !== undefined) {
    const detail = `${named.problem}${named.crashes ? wasm : ""}`;
    return { ...check, detail, fix: "unset SHOWTELL_TENSORFLOW" };
  }
  const downloaded = failed.find(({ path }) => path.startsWith(`${setupFolder}/`));
  if (downloaded !== undefined) {
    return {
      ...check,
      detail: `TensorFlow is installed, but cannot be used${wasm}` +
        (downloaded.crashes ? "; a build of it for this processor can be named" : ""),
      // Another download of a library that crashes would crash as well.
      fix: downloaded.crashes
        ? "export SHOWTELL_TENSORFLOW=/path/to/libtensorflow_cc.so.2"
        : `rm -r ${setupFolder} && deno task setup`,
    };
  }
  if (noSetup !== undefined) {
    return { ...check, detail: noSetup, fix: "export SHOWTELL_ENGINE=wasm" };
  }
  return {
    ...check,
    detail: failed.length > 0
      ? `no TensorFlow that was found can be used${wasm}`
      : "TensorFlow is not installed" + (asked === "auto"
        ? "; the first training downloads it or, failing that, uses the slow WebAssembly"
        : ""),
    fix: "deno task setup",
  };
}

function gpuCheck({ chosen, gpu, noGpuSetup, gpuSetupFolder }: EngineInspection): Check {
  const check: Check = { what: "GPU", state: "unused", detail: gpu ?? "", needed: false };
  if (chosen !== undefined && seesGpu(chosen)) {
    const gpus = chosen.devices!.filter(({ type }) => type === "GPU");
    return { ...check, state: "found", detail: gpu ?? gpus.map(({ name }) => name).join(", ") };
  }
  if (gpu === undefined) {
    return { ...check, state: "missing", detail: "this machine has none with an NVIDIA driver" };
  }
  if (noGpuSetup !== undefined) return { ...check, detail: `${gpu}; ${noGpuSetup}` };
  if (gpuSetupFolder !== undefined) {
    return {
      ...check,
      detail: `${gpu}; the CUDA build of TensorFlow in ${gpuSetupFolder} does not see it: ` +
        "it needs a driver for CUDA 12 or later",
      fix: "update NVIDIA's driver",
    };
  }
  return {
    ...check,
    detail: `${gpu}; no TensorFlow that was found is built for it`,
    fix: "deno task setup --gpu",
  };
}
