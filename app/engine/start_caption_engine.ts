import type { Listener } from "../../lib/progress/mod.ts";
import type { CaptionEngine } from "./caption_engine.ts";
import { EngineThread } from "./engine_thread.ts";
import { setFlag, type SharedFlags, sharedFlags } from "./shared_flags.ts";

/** Options of {@linkcode startCaptionEngine}. */
export interface CaptionEngineOptions extends Pick<Listener, "say" | "onProgress"> {
  /** Folders of the runs, the default one first. */
  runs: readonly string[];
  /** Where their data sets and features may still be. */
  data: string;
}

/**
 * Loads runs in a thread of their own, so that the caller's answers while they compute.
 *
 * ```ts ignore
 * const engine = await startCaptionEngine({ runs: ["data/runs/shapes"], data: "data" });
 * const [{ name, decoding }] = engine.models;
 * const photo = { bytes: await Deno.readFile("cat.jpg"), streams: false, details: false };
 * const options = { ...decoding, model: name };
 * const [outcome] = await engine.captionBatch([photo], options, [AbortSignal.any([])], () => {});
 * ```
 *
 * @throws {RangeError} if there is no run, or one cannot read photos
 * @throws {Error} if a run is not trained to its end, or its encoder's weights are others
 */
export async function startCaptionEngine(
  { runs, data, say, onProgress }: CaptionEngineOptions,
): Promise<CaptionEngine> {
  if (runs.length === 0) throw new RangeError("There is no run to load: name at least one folder");
  const thread = new EngineThread({ say, onProgress });
  /** Of all that is under way, so that it can be ended with the thread. */
  const underWay = new Set<SharedFlags>();
  const withFlags = async <Result>(
    signals: readonly AbortSignal[],
    work: (flags: SharedFlags) => Promise<Result>,
  ): Promise<Result> => {
    const flags = sharedFlags(signals.length);
    const stopped = new AbortController();
    signals.forEach((signal, i) => {
      if (signal.aborted) setFlag(flags, i);
      else signal.addEventListener("abort", () => setFlag(flags, i), stopped);
    });
    underWay.add(flags);
    try {
      return await work(flags);
    } finally {
      underWay.delete(flags);
      stopped.abort();
    }
  };
  try {
    const models = await thread.ask("start", { runs: [...runs], data });
    return {
      models,
      failed: thread.failed,
      async captionBatch(photos, options, signals, onEvent) {
        if (signals.length !== photos.length) {
          throw new RangeError(
            `${photos.length} photos need as many signals, not ${signals.length}`,
          );
        }
        return await withFlags(signals, async (unwanted) => {
          const order = { photos: [...photos], options, unwanted };
          return await thread.ask("captions", order, (photo, event) => {
            if (!signals[photo].aborted) onEvent(photo, event);
          });
        });
      },
      async wordRegions(photo, words, model, signal) {
        signal.throwIfAborted();
        const found = await withFlags(
          [signal],
          async (unwanted) =>
            await thread.ask("regions", { photo, words: [...words], model, unwanted }),
        );
        signal.throwIfAborted();
        return found!;
      },
      drawShapes: (seed) => thread.ask("drawing", { seed }),
      devPhoto: (model, name) => thread.ask("devPhoto", { model, name }),
      async dispose() {
        for (const flags of underWay) flags.forEach((_, i) => setFlag(flags, i));
        await thread.end();
      },
    };
  } catch (error) {
    thread.terminate(new Error("The captioning thread did not start"));
    throw error;
  }
}
