import type { Listener } from "../progress/mod.ts";
import type { Engine, EngineListener } from "./engine.ts";
import { AlteredLibraryError } from "./library_record.ts";
import { startTensorFlow } from "./tensorflow/start.ts";
import { CrashingLibraryError } from "./try_library.ts";
import { startWasm } from "./wasm.ts";

const CHOICES = ["auto", "tensorflow", "wasm"] as const;

type Choice = typeof CHOICES[number];

let started: Promise<Engine> | undefined;

/**
 * Starts TF.js on the engine that `SHOWTELL_ENGINE` names (`auto` by default: TensorFlow, downloaded
 * first if none is found, otherwise WASM). One engine serves the whole process; later calls return
 * the same one.
 *
 * @throws {Error} if the engine cannot start, with the reason
 */
export function startEngine(
  { say = () => {}, signal }: Pick<Listener, "say" | "signal"> = {},
): Promise<Engine> {
  return started ??= start({ say, signal });
}

async function start(listener: EngineListener): Promise<Engine> {
  switch (engineChoice()) {
    case "wasm":
      return await startWasm();
    case "tensorflow":
      return await startTensorFlow(listener);
    case "auto":
      try {
        return await startTensorFlow(listener);
      } catch (error) {
        // A library that the user named is used or an error; one that this processor cannot run is
        // the machine's fault, and `auto` is to find what works on it.
        const named = Deno.env.get("SHOWTELL_TENSORFLOW");
        if (named && !(error instanceof CrashingLibraryError)) throw error;
        // Nothing takes the place of a library that somebody altered; an interrupt ends the task.
        if (error instanceof AlteredLibraryError || listener.signal?.aborted) throw error;
        listener.say(
          `${(error as Error).message}. Continuing with WASM, which is several times slower; ` +
            `\`deno task doctor\` tells how to fix this.`,
        );
        return await startWasm();
      }
  }
}

/**
 * The engine that `SHOWTELL_ENGINE` names, `auto` by default.
 *
 * @throws {RangeError} if there is none of that name, or it does not work yet
 */
export function engineChoice(
  choice = Deno.env.get("SHOWTELL_ENGINE") || "auto",
): "auto" | "tensorflow" | "wasm" {
  if (CHOICES.includes(choice as Choice)) return choice as Choice;
  throw new RangeError(
    choice === "webgpu"
      ? `SHOWTELL_ENGINE is "webgpu", but TF.js' WebGPU backend reads its results through a 2D canvas, ` +
        `which Deno lacks: unset SHOWTELL_ENGINE, or set it to one of ${CHOICES.join(", ")}`
      : `SHOWTELL_ENGINE is "${choice}"; it can be ${CHOICES.join(", ")}`,
  );
}
