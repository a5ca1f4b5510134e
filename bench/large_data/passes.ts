import { join } from "node:path";
import { openFeatures } from "../../lib/features/mod.ts";
import {
  buildTokenizer,
  cacheFeatures,
  evaluate,
  type Experiment,
  prepareData,
  readCaptionSets,
} from "../../lib/stages/mod.ts";
import type { Tokenizer } from "../../lib/text/mod.ts";
import type { CaptionSet } from "../../lib/training/mod.ts";
import { type Cost, startClock, sum } from "./clock.ts";
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
  costs: Record<string, Cost>;
}

/**
 * The stages before training on a data set that they do not know; only its features are there.
 *
 * @param data a folder with nothing else in it
 */
export async function stagesPass(source: string, data: string, peak: Peak): Promise<Prepared> {
  const experiment = await experimentOn(source, data);
  const costs: Record<string, Cost> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> =>
    await peak(stage, async () => {
      const clock = startClock();
      const result = await work();
      costs[stage] = sum(costs[stage], clock());
      return result;
    });
  const { folder: dataset } = await timed("prepare", () => prepareData(experiment));
  const { run, tokenizer } = await timed("tokenize", () => buildTokenizer(experiment));
  const features = await timed("check features", () => cacheFeatures(experiment));
  const sets = await timed(
    "tokenize",
    async () => readCaptionSets(dataset, tokenizer, await openFeatures(features.folder)),
  );
  return { experiment, dataset, key: features.key, run, tokenizer, sets, costs };
}

/** Stage 5 on the test split, as if it had never run. */
export async function evaluationPass(
  { experiment, run }: Prepared,
  peak: Peak,
): Promise<Record<string, Cost>> {
  await Deno.remove(join(run, "evaluations"), { recursive: true }).catch(() => {});
  const clock = startClock();
  await peak("evaluate", () => evaluate(experiment, run));
  return { evaluate: clock() };
}
