import { Captioner } from "../captioner/mod.ts";
import { captionsByPhoto } from "../datasets/mod.ts";
import type { FeatureReader } from "../features/mod.ts";
import { CaptionScorer, metrics } from "../metrics/mod.ts";
import type { Decoder } from "../models/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import type { DevScorer } from "../training/mod.ts";
import type { Experiment } from "./experiment.ts";
import type { PreparedData } from "./prepared_data.ts";
import { scoringDocuments } from "./scoring_documents.ts";

/** What dev photos are captioned with during training. */
export interface DevScorerParts {
  /** Of stage 1. */
  prepared: PreparedData;
  /** Of stage 3. */
  tokenizer: Tokenizer;
  /** Features of the dev photos. */
  features: FeatureReader;
  /** The network that is trained. */
  decoder: Decoder;
}

/**
 * What scores captions of the dev photos after an epoch, as `training.devScores` asks; undefined where
 * it asks for nothing, or there is no dev photo. References are prepared once.
 */
export async function devScorer(
  { config, say, signal }: Pick<Experiment, "config" | "say" | "signal">,
  { prepared, tokenizer, features, decoder }: DevScorerParts,
): Promise<DevScorer | undefined> {
  const { training: { devScores }, evaluation, decoding, text: { markers } } = config;
  const rows = (await prepared.captions("dev")).filter(({ digest }) => features.has(digest));
  if (devScores === undefined || rows.length === 0) return undefined;
  const photos = [...captionsByPhoto(rows).values()];
  const wanted = Object.keys(metrics).filter((name) =>
    devScores.scores.some((score) => score.startsWith(name))
  );
  const settings = {
    ...evaluation,
    metrics: wanted,
    bleu: { ...evaluation.bleu, weights: undefined }, // so that there are BLEU-1 to BLEU-4
  };
  const scorer = new CaptionScorer(
    photos.map((rows) => rows.map(({ caption }) => caption)),
    settings,
    { markers, documents: await scoringDocuments(settings, prepared, say) },
  );
  const digests = photos.map(([{ digest }]) => digest);
  return async (weights, { beam }) => {
    const { featureShape } = features;
    const settings = { ...decoding, beam };
    const captioner = new Captioner({
      decoder,
      weights,
      tokenizer,
      featureShape,
      decoding: settings,
    });
    try {
      const captions: string[] = [];
      while (captions.length < digests.length) {
        signal?.throwIfAborted();
        const batch = digests.slice(captions.length, captions.length + decoding.batchSize);
        const given = features.gather(batch);
        const found = await captioner.captionFeatures(given, batch.length, settings, {
          signal,
          keyOf: (photo) => batch[photo],
        });
        captions.push(...found.map(({ caption }) => caption));
      }
      return scorer.corpus(captions);
    } finally {
      captioner.dispose();
    }
  };
}
