import type { Captioner, Captions } from "../captioner/mod.ts";
import { captionsByPhoto } from "../datasets/mod.ts";
import { type FeatureReader, openFeatures } from "../features/mod.ts";
import type { Evaluation } from "../run/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { openCaptioner } from "./caption.ts";
import { collapsedCaptions } from "./collapse_warnings.ts";
import { evaluationOn, type EvaluationParts } from "./evaluation_inputs.ts";
import type { Experiment } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import { referencePerplexity } from "./reference_perplexity.ts";
import { scorePhotos } from "./score_photos.ts";
import { unseenPhotos } from "./unseen_photos.ts";

/** What stage 5 made. */
export interface Evaluated {
  /** The file of the scores. */
  path: string;
  /** What is in it. */
  evaluation: Evaluation;
}

/**
 * Stage 5: best checkpoint → captions and scores of photos that training never saw.
 *
 * @param experiment its config may differ from the run's in data set, decoding and evaluation
 * @throws {NoUnseenPhotosError} if there is no such photo
 */
export async function evaluate(
  experiment: Experiment,
  parts: EvaluationParts & { features: CachedFeatures },
): Promise<Evaluated> {
  const { config, say } = experiment;
  const { run, prepared, features } = parts;
  freeMemory(); // what training left
  const reader = await openFeatures(features.folder, features);
  const captions = [...await prepared.captions("dev"), ...await prepared.captions("test")]
    .filter((row) => reader.has(row.digest));
  const { split, rows } = await unseenPhotos(captions, config.evaluation.split, run, say);
  const { place, inputs } = await evaluationOn(split, experiment, parts);
  const { path } = place;
  if (await place.isDone(inputs, say)) {
    for (const figure of await place.drawFigures()) say(`${figure} is drawn again`);
    say(`The evaluation is done: ${path}`);
    const collapsed = collapsedCaptions(await place.readPhotos());
    if (collapsed !== undefined) say(collapsed);
    return { path, evaluation: await place.read() };
  }
  const photos = [...captionsByPhoto(rows).values()];
  freeMemory();
  const engine = await experiment.engine();
  const trained = await run.readConfig();
  const opened = await openCaptioner(run, { engine, config: trained, say });
  const { captioner } = opened;
  try {
    if (captioner.decodingCost !== undefined) say(captioner.decodingCost);
    const digests = photos.map(([{ digest }]) => digest);
    const { decoded, seconds } = await captionInBatches(experiment, captioner, reader, digests);
    const { photos: evaluated, signature, ...scored } = await scorePhotos(
      { config: { ...config, text: trained.text }, say },
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
      perplexity: await referencePerplexity(
        { run, config: trained, features: reader, engine, signal: experiment.signal },
        rows,
      ),
    };
    await place.save(evaluation, evaluated, inputs);
    say(`Evaluated ${photos.length} ${split} photos: ${path}`);
    const collapsed = collapsedCaptions(evaluated);
    if (collapsed !== undefined) say(collapsed);
    return { path, evaluation };
  } finally {
    await opened.dispose();
  }
}

/** Captions of cached features, of which only those of one batch are in memory at a time. */
export async function captionInBatches(
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
