import * as tf from "@tensorflow/tfjs";
import type { Config } from "../config/mod.ts";
import type { CaptionRow } from "../datasets/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { FeatureReader } from "../features/mod.ts";
import { perplexity } from "../metrics/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { Run } from "../run/mod.ts";
import { validationLoss } from "../training/mod.ts";
import { readFiles } from "./read_captioner.ts";

/** What people's captions are scored under. */
export interface PerplexityParts extends Pick<Listener, "signal" | "say"> {
  /** The trained run. */
  run: Run;
  /** Its config. */
  config: Config;
  /** Features of the photos. */
  features: FeatureReader;
  /** What it is computed on. */
  engine: Pick<Engine, "fused">;
}

/**
 * Perplexity of what people wrote of photos under a run's decoder, of a word of its vocabulary, the
 * unknown word and the end marker counted. On the dev split: exp of the best epoch's `val_loss`.
 *
 * @param rows captions of photos with features, at least one
 */
export async function referencePerplexity(
  { run, config, features, engine, signal, say }: PerplexityParts,
  rows: readonly CaptionRow[],
): Promise<number> {
  const { tokenizer, weights, createDecoder } = await readFiles(run, config, say);
  const decoder = createDecoder(engine.fused);
  const set = {
    captions: rows.map(({ caption }) => tokenizer.encode(caption)),
    photos: rows.map(({ digest }) => digest),
    features,
  };
  const read = () =>
    new Map([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]));
  return perplexity(await validationLoss(decoder, { read }, set, config.training, signal));
}
