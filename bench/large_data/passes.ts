import { openFeatures } from "../../lib/features/mod.ts";
import type { Run } from "../../lib/run/mod.ts";
import {
  buildTokenizer,
  cacheFeatures,
  type CaptionSets,
  captionSets,
  evaluateRun,
  type Experiment,
  prepareData,
  type PreparedData,
} from "../../lib/stages/mod.ts";
import type { Tokenizer } from "../../lib/text/mod.ts";
import { type Cost, startClock, sum } from "./clock.ts";
import { experimentOn } from "./experiment_on.ts";

/** Runs work and keeps the most memory that it took, by the stage's name. */
export type Peak = <T>(stage: string, work: () => Promise<T>) => Promise<T>;

/** What the stages before training left. */
export interface Prepared {
  experiment: Experiment;
  data: PreparedData;
  /** Key of the features. */
  key: string;
  run: Run;
  tokenizer: Tokenizer;
  sets: CaptionSets;
  /** By stage. */
  costs: Record<string, Cost>;
}

/**
 * The stages before training on a new data set, of which only the features are cached.
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
  const prepared = await timed("prepare", () => prepareData(experiment));
  const { run, tokenizer } = await timed("tokenize", () => buildTokenizer(experiment, prepared));
  const features = await timed("check features", () => cacheFeatures(experiment, prepared));
  const sets = await timed(
    "tokenize",
    async () => captionSets(prepared, tokenizer, await openFeatures(features.folder)),
  );
  await prepared.keep("dev", "test"); // as training does
  return { experiment, data: prepared, key: features.key, run, tokenizer, sets, costs };
}

/** Stage 5 on the test split, as if it had never run. */
export async function evaluationPass(
  { experiment, run }: Prepared,
  peak: Peak,
): Promise<Record<string, Cost>> {
  await Deno.remove(run.paths.evaluations, { recursive: true }).catch(() => {});
  const clock = startClock();
  await peak("evaluate", () => evaluateRun(experiment, run));
  return { evaluate: clock() };
}
