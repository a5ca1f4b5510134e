import { join } from "node:path";
import { readDataset } from "../../lib/datasets/mod.ts";
import type { Encoder } from "../../lib/encoders/mod.ts";
import { fillFeatureCache, openFeatureCache, openFeatures } from "../../lib/features/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import {
  buildTokenizer,
  cacheFeatures,
  captionSets,
  evaluate,
  type Experiment,
  prepareData,
} from "../../lib/stages/mod.ts";
import type { Tokenizer } from "../../lib/text/mod.ts";
import { type CaptionSet, planBatches } from "../../lib/training/mod.ts";
import { experimentOn } from "./experiment_on.ts";

/** Runs work and keeps the most memory that it took, by the stage's name. */
export type Peak = <T>(stage: string, work: () => Promise<T>) => Promise<T>;

/** What the stages before training left. */
export interface Prepared {
  experiment: Experiment;
  /** Folder of the data set. */
  dataset: string;
  /** Key of the features. */
  key: string;
  /** Folder of the run. */
  run: string;
  tokenizer: Tokenizer;
  sets: { train: CaptionSet; dev: CaptionSet };
  /** By stage. */
  seconds: Record<string, number>;
}

/** The stages before training on a data set, as if they had never run; only features are there. */
export async function stagesPass(source: string, data: string, peak: Peak): Promise<Prepared> {
  for (const folder of ["datasets", "runs"]) {
    await Deno.remove(join(data, folder), { recursive: true }).catch(() => {});
  }
  const experiment = await experimentOn(source, data);
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> =>
    await peak(stage, async () => {
      const began = performance.now();
      const result = await work();
      seconds[stage] = (performance.now() - began) / 1000;
      return result;
    });
  const { folder: dataset } = await timed("prepare", () => prepareData(experiment));
  const { run, tokenizer } = await timed("tokenizer", () => buildTokenizer(experiment));
  // The stage as a whole starts the encoder to learn its key: once for a program, not for a caption.
  const features = await peak("start encoder", () => cacheFeatures(experiment));
  await timed("check features", () => checkFeatures(experiment, features.folder, features.key));
  const sets = await timed("encode captions", async () => {
    const { captions } = await readDataset(dataset);
    return captionSets(captions, tokenizer, await openFeatures(features.folder));
  });
  await timed("plan an epoch", () => {
    const { batchSize, groupByLength, seed } = experiment.config.training;
    const lengths = sets.train.captions.map(({ length }) => length);
    planBatches(lengths, batchSize, groupByLength, new Random(seed, "order", 0));
    return Promise.resolve();
  });
  return { experiment, dataset, key: features.key, run, tokenizer, sets, seconds };
}

/** What stage 2 does beside starting the encoder: every shard is verified, every photo looked up. */
async function checkFeatures(
  { config: { encoder }, data }: Experiment,
  folder: string,
  key: string,
): Promise<void> {
  const { captions } = await readDataset(join(data, "datasets", await onlyEntry(data)));
  const { featureShape } = await openFeatures(folder);
  const { precision, shardSize, batchSize } = encoder;
  const cache = await openFeatureCache(folder, { key, featureShape, precision, shardSize });
  const photos = captions.map(({ digest, photo }) => ({ digest, path: photo }));
  const { encoded } = await fillFeatureCache(
    cache,
    photos,
    { key, featureShape, imageSize: encoder.imageSize } as Encoder,
    { images: encoder, batchSize },
  );
  if (encoded > 0) throw new Error(`${encoded} photos had no feature`);
}

async function onlyEntry(data: string): Promise<string> {
  for await (const { name } of Deno.readDir(join(data, "datasets"))) return name;
  throw new Error(`There is no data set in ${data}`);
}

/** Stage 5 on the test split, as if it had never run. */
export async function evaluationPass(
  { experiment, run }: Prepared,
  peak: Peak,
): Promise<Record<string, number>> {
  await Deno.remove(join(run, "evaluations"), { recursive: true }).catch(() => {});
  const began = performance.now();
  await peak("evaluate", () => evaluate(experiment, run));
  return { evaluate: (performance.now() - began) / 1000 };
}
