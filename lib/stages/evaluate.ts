import type { Captioner, Captions } from "../captioner/mod.ts";
import { type CaptionRow, captionsByPhoto, datasetMetric, readDataset } from "../datasets/mod.ts";
import { type FeatureReader, openFeatures } from "../features/mod.ts";
import { scoreCaptions, tokenizers } from "../metrics/mod.ts";
import { Run } from "../run/mod.ts";
import { openCaptioner } from "./caption.ts";
import { cacheFeatures } from "./cache_features.ts";
import {
  type EvaluatedPhoto,
  type Evaluation,
  evaluationPlace,
  isEvaluated,
  saveEvaluation,
} from "./evaluation_record.ts";
import { type Experiment, readRunConfig } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import { prepareData } from "./prepare_data.ts";
import { readSeenPhotos } from "./seen_photos.ts";

/** What stage 5 made. */
export interface Evaluated {
  /** The file of the scores. */
  path: string;
  /** What is in it. */
  evaluation: Evaluation;
}

/** There is no photo that training has not seen, so that nothing can be scored. */
export class NoUnseenPhotosError extends Error {}

/**
 * Stage 5: best checkpoint → captions and scores of photos that training never saw.
 *
 * @param experiment its config may differ from the run's in data set, decoding and evaluation
 * @throws {NoUnseenPhotosError} if there is no such photo
 */
export async function evaluate(experiment: Experiment, run: string): Promise<Evaluated> {
  const { config, say } = experiment;
  freeMemory(); // what training left
  const trained = await readRunConfig(run);
  const { folder: dataset } = await prepareData(experiment);
  const features = await cacheFeatures({
    ...experiment,
    config: { ...config, encoder: trained.encoder },
  });
  const { captions, summary } = await readDataset(dataset);
  const reader = await openFeatures(features.folder);
  const usable = captions.filter((row) => reader.has(row.digest));
  const { split, rows } = await unseenPhotos(usable, config.evaluation.split, run, say);
  const on = { dataset, split, features: features.key };
  const place = await evaluationPlace(experiment, run, on);
  const { path } = place;
  if (await isEvaluated(place)) {
    say(`The evaluation is done: ${path}`);
    return { path, evaluation: JSON.parse(await Deno.readTextFile(path)) };
  }
  const photos = [...captionsByPhoto(rows).values()];
  freeMemory();
  const engine = await experiment.engine();
  const opened = await openCaptioner(new Run(run), { engine, config: trained });
  const { captioner } = opened;
  try {
    if (captioner.decodingCost !== undefined) say(captioner.decodingCost);
    const digests = photos.map(([{ digest }]) => digest);
    const { decoded, seconds } = await captionInBatches(experiment, captioner, reader, digests);
    const evaluated: EvaluatedPhoto[] = photos.map((rows, i) => ({
      photo: rows[0].photo,
      ...decoded[i],
      references: rows.map(({ caption }) => caption),
    }));
    const candidates = evaluated.map(({ caption }) => caption);
    const { scores, signature } = scoreCaptions(
      candidates,
      evaluated.map(({ references }) => references),
      config.evaluation,
      { markers: trained.text.markers },
    );
    const own = await datasetMetric(summary.kind, dataset, evaluated.map(({ photo }) => photo));
    Object.assign(scores, own?.corpus(candidates.map(tokenizers.words)));
    const evaluation: Evaluation = {
      split,
      photos: photos.length,
      signature,
      captionsPerSecond: photos.length / seconds,
      scores,
    };
    await saveEvaluation(place, evaluation, evaluated);
    say(`Evaluated ${photos.length} ${split} photos: ${path}`);
    return { path, evaluation };
  } finally {
    await opened.dispose();
  }
}

/** Captions of cached features, of which only those of one batch are in memory at a time. */
async function captionInBatches(
  { config: { decoding }, onProgress, signal }: Experiment,
  captioner: Captioner,
  features: FeatureReader,
  digests: readonly string[],
): Promise<{ decoded: Captions[]; seconds: number }> {
  const decoded: Captions[] = [];
  let milliseconds = 0;
  while (decoded.length < digests.length) {
    signal?.throwIfAborted();
    const batch = digests.slice(decoded.length, decoded.length + decoding.batchSize);
    const given = features.gather(batch);
    const began = performance.now();
    const found = await captioner.captionFeatures(given, batch.length, decoding, { signal });
    milliseconds += performance.now() - began;
    decoded.push(...found);
    onProgress?.("Captions", decoded.length, digests.length);
    await new Promise((resolve) => setTimeout(resolve)); // for signals and figures
  }
  return { decoded, seconds: milliseconds / 1000 };
}

/**
 * The photos of a split, without those that the run was trained on.
 *
 * @throws {NoUnseenPhotosError} if there are none
 */
export async function unseenPhotos(
  captions: CaptionRow[],
  wanted: "dev" | "test",
  run: string,
  say: Experiment["say"],
): Promise<{ split: string; rows: CaptionRow[] }> {
  const seen = await readSeenPhotos(run);
  if (!seen.known) {
    throw new NoUnseenPhotosError(
      `${run} was imported, or trained from what was, and nobody said which photos it was trained ` +
        "on: nothing is scored, since any photo may be one of them; import it with " +
        "--trained-on FILE, a photo's name on each line",
    );
  }
  if (seen.declared) say("Which photos the run saw elsewhere is taken from whoever imported it");
  const unseen = (split: string) => {
    const rows = captions.filter((row) => row.split === split);
    const kept = rows.filter((row) => !seen.has(row));
    if (kept.length < rows.length) {
      say(
        `${rows.length - kept.length} captions of ${split} are left out: ` +
          `the run was trained on their photos`,
      );
    }
    return kept;
  };
  const rows = unseen(wanted);
  if (rows.length > 0) return { split: wanted, rows };
  if (wanted === "test") {
    const dev = unseen("dev");
    if (dev.length > 0) {
      say("There are no test photos: evaluating on dev instead, which chose the best epoch");
      return { split: "dev", rows: dev };
    }
  }
  throw new NoUnseenPhotosError(
    `The data set has no ${wanted} photos that the run was not trained on: ` +
      `look at dataset.split and evaluation.split`,
  );
}
