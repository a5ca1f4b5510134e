import type { Config } from "../config/mod.ts";
import type { RunEnsemble } from "../run/mod.ts";
import { captioningConfig, type OpenCaptionerOptions, PhotoCaptioner } from "./caption.ts";
import { joinedFeatures } from "./joined_features.ts";
import { openPhotoFeatures } from "./open_photo_features.ts";
import type { PhotoFeatures } from "./photo_features.ts";
import { readEnsemble } from "./read_ensemble.ts";

/**
 * Stage 6 of several runs: photo → captions by the mean of their next-word probabilities. Each photo
 * is encoded by the encoder of each run, by one that several share only once.
 *
 * @param config how captions are decoded. @default {the first run's}
 * @throws {Error} if a run is not trained to its end
 * @throws {RangeError} if a checkpoint does not fit its config, a run cannot read photos, or the words
 * of two runs are not the same
 */
export async function openEnsemble(
  ensemble: RunEnsemble,
  { config, engine, say, onProgress }: Omit<OpenCaptionerOptions, "photos">,
): Promise<PhotoCaptioner> {
  const configs: Config[] = [];
  const encoders: string[] = [];
  for (const run of ensemble.runs) {
    const own = await captioningConfig(run, await run.readConfig());
    configs.push(own);
    encoders.push(JSON.stringify([own.encoder, (await run.readTraining()).encoderKey]));
  }
  const distinct = [...new Set(encoders)];
  const decoded = config ?? configs[0];
  const captioner = await readEnsemble(ensemble, {
    engine: await engine,
    decoding: decoded.decoding,
    inputs: encoders.map((encoder) => distinct.indexOf(encoder)),
    say,
  });
  const open = async () => {
    const parts: PhotoFeatures[] = [];
    try {
      for (const encoder of distinct) {
        const i = encoders.indexOf(encoder);
        const taking = { run: ensemble.runs[i], config: configs[i], engine, say, onProgress };
        parts.push(await openPhotoFeatures(taking));
      }
    } catch (error) {
      parts.forEach((part) => part.dispose());
      throw error;
    }
    return joinedFeatures(parts);
  };
  return new PhotoCaptioner(captioner, decoded, open);
}
