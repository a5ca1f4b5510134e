import type { Listener } from "../progress/mod.ts";
import type { Engine } from "./engine.ts";
import { startTensorFlow } from "./tensorflow/start.ts";
import { startWasm } from "./wasm.ts";
import { startWebGpu } from "./webgpu.ts";

const CHOICES = ["auto", "tensorflow", "wasm", "webgpu"] as const;

let started: Promise<Engine> | undefined;

/**
 * Starts TF.js on the engine that `SHOWTELL_ENGINE` names (`auto` by default: TensorFlow, downloaded
 * first if none is found, otherwise WASM). One engine serves the whole process; later calls return
 * the same one.
 *
 * @throws {Error} if the engine cannot start, with the reason
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
          `${(error as Error).message}. Continuing with WASM, which is several times slower; ` +
            `\`deno task doctor\` tells how to fix this.`,
        );
        return await startWasm();
      }
    default:
      throw new RangeError(
        `SHOWTELL_ENGINE is "${choice}"; it can be ${CHOICES.join(", ")}`,
      );
  }
}
