import type { Captioner, Captions } from "../captioner/mod.ts";
import type { Config } from "../config/mod.ts";
import { type CaptionRow, captionsByPhoto } from "../datasets/mod.ts";
import type { FeatureReader } from "../features/mod.ts";
import type { Evaluation, EvaluationInputs, RunEvaluation } from "../run/mod.ts";
import { collapsedCaptions } from "./collapse_warnings.ts";
import type { Experiment } from "./experiment.ts";
import type { PreparedData } from "./prepared_data.ts";
import { scorePhotos } from "./score_photos.ts";

/** What stage 5 made. */
export interface Evaluated {
  /** The file of the scores. */
  path: string;
  /** What is in it. */
  evaluation: Evaluation;
}

/** What is captioned, by what, and where its scores go. */
interface ScoredParts {
  captioner: Captioner;
  features: Pick<FeatureReader, "gather">;
  prepared: PreparedData;
  /** How the captioner's words were made. */
  text: Config["text"];
  split: string;
  /** Of the photos that are captioned. */
  rows: readonly CaptionRow[];
  place: RunEvaluation;
  /** What the evaluation depends on. */
  inputs: EvaluationInputs;
}

/**
 * Captions photos, scores the captions and keeps both.
 *
 * @param more what this evaluation has besides, asked for once the captions are scored
 */
export async function captionAndScore(
  experiment: Experiment,
  { captioner, features, prepared, text, split, rows, place, inputs }: ScoredParts,
  more: () => Promise<Partial<Evaluation>>,
): Promise<Evaluated> {
  const { config, say } = experiment;
  const photos = [...captionsByPhoto(rows).values()];
  const digests = photos.map(([{ digest }]) => digest);
  const { decoded, seconds } = await captionInBatches(experiment, captioner, features, digests);
  const { photos: evaluated, signature, ...scored } = await scorePhotos(
    { config: { ...config, text }, say },
    prepared,
    photos.map((rows, i) => ({
      photo: rows[0].photo,
      ...decoded[i],
      references: rows.map(({ caption }) => caption),
    })),
  );
  const evaluation: Evaluation = {
    split,
    photos: photos.length,
    signature,
    captionsPerSecond: photos.length / seconds,
    ...scored,
    ...await more(),
  };
  const { path } = place;
  await place.save(evaluation, evaluated, inputs);
  say(`Evaluated ${photos.length} ${split} photos: ${path}`);
  const collapsed = collapsedCaptions(evaluated);
  if (collapsed !== undefined) say(collapsed);
  return { path, evaluation };
}

/** Captions of cached features, of which only those of one batch are in memory at a time. */
async function captionInBatches(
  { config: { decoding }, onProgress, signal }: Experiment,
  captioner: Captioner,
  features: Pick<FeatureReader, "gather">,
  digests: readonly string[],
): Promise<{ decoded: Captions[]; seconds: number }> {
  const decoded: Captions[] = [];
  let milliseconds = 0;
  while (decoded.length < digests.length) {
    signal?.throwIfAborted();
    const batch = digests.slice(decoded.length, decoded.length + decoding.batchSize);
    const given = features.gather(batch);
    const began = performance.now();
    const found = await captioner.captionFeatures(given, batch.length, decoding, {
      signal,
      keyOf: (photo) => batch[photo],
    });
    milliseconds += performance.now() - began;
    decoded.push(...found);
    onProgress?.("Captions", decoded.length, digests.length);
    await new Promise((resolve) => setTimeout(resolve)); // for signals and figures
  }
  return { decoded, seconds: milliseconds / 1000 };
}
