import type { Captions } from "../captioner/mod.ts";
import { datasetMetric } from "../datasets/mod.ts";
import {
  bootstrapIntervals,
  CaptionScorer,
  describeCandidates,
  type Scores,
  tokenizers,
} from "../metrics/mod.ts";
import type { EvaluatedPhoto, Evaluation } from "../run/mod.ts";
import { scoringDocuments } from "./scoring_documents.ts";
import type { Experiment } from "./experiment.ts";
import type { PreparedData } from "./prepared_data.ts";

/** Captions of photos, scored. */
export interface ScoredPhotos
  extends Pick<Evaluation, "signature" | "scores" | "intervals" | "statistics"> {
  /** The photos, each with its scores. */
  photos: EvaluatedPhoto[];
}

/**
 * Scores captions by the metrics of the config, and by the data set's own where it has one, with
 * intervals and statistics.
 *
 * @param photos each with its caption and what people wrote; at least one
 */
export async function scorePhotos(
  { config, say }: Pick<Experiment, "config" | "say">,
  prepared: PreparedData,
  photos: readonly (Captions & Pick<EvaluatedPhoto, "photo" | "references">)[],
): Promise<ScoredPhotos> {
  const { evaluation: settings, text: { markers } } = config;
  const scorer = new CaptionScorer(photos.map(({ references }) => references), settings, {
    markers,
    documents: await scoringDocuments(settings, prepared, say),
  });
  const { summary, folder } = prepared;
  const own = await datasetMetric(summary.kind, folder, photos.map(({ photo }) => photo));
  const captions = photos.map(({ caption }) => caption);
  const words = captions.map(tokenizers.words);
  const samplers = [scorer.sampler(captions), ...own === undefined ? [] : [own.sampler(words)]];
  const sampler = (chosen: ArrayLike<number>): Scores =>
    Object.assign({}, ...samplers.map((scores) => scores(chosen)));
  const each = scorer.captions(captions);
  const intervals = bootstrapIntervals(sampler, photos.length, settings.bootstrap);
  const train = await prepared.trainCaptions();
  return {
    signature: scorer.signature,
    scores: sampler([...photos.keys()]),
    ...settings.bootstrap.resamples > 0 ? { intervals } : {},
    statistics: describeCandidates(captions, train.length > 0 ? { train } : {}),
    photos: photos.map((photo, i) => ({
      ...photo,
      scores: { ...each[i], ...own?.caption(words[i], i) },
    })),
  };
}
