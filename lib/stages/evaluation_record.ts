import { basename, join } from "node:path";
import type { Captions } from "../captioner/mod.ts";
import { bleuBars, lossCurves } from "../plots/mod.ts";
import {
  digestFile,
  isUpToDate,
  recordStage,
  removeLeftovers,
  writeFileWhole,
} from "../storage/mod.ts";
import { readHistory } from "../training/mod.ts";
import { datasetFolder, type Experiment, readRunConfig } from "./experiment.ts";
import { BEST } from "./training_record.ts";

/** Scores of a run on one split of a data set: `evaluations/<data set>-<split>.json`. */
export interface Evaluation {
  /** The split that was captioned. */
  split: string;
  /** Photos captioned. */
  photos: number;
  /** What the scores depend on. */
  signature: string;
  /** Captions a second, decoding alone. */
  captionsPerSecond: number;
  /** By name: `bleu-1`, … */
  scores: Record<string, number>;
}

/** A captioned photo: a line of `evaluations/<data set>-<split>.captions.jsonl`. */
export interface EvaluatedPhoto extends Captions {
  /** Path of the photo in the data set. */
  photo: string;
  /** What people wrote. */
  references: string[];
}

/** Where an evaluation lies, and what it is made from. */
export interface EvaluationPlace {
  /** The run's folder. */
  run: string;
  /** The folder of the run's evaluations. */
  folder: string;
  /** `<data set>-<split>` */
  name: string;
  /** The file of the scores. */
  path: string;
  /** What the scores depend on. */
  inputs: unknown;
}

/**
 * The place of a run's evaluation on photos of a data set.
 *
 * @param on folder of the data set, the split that is scored, and the key of the features
 */
export async function evaluationPlace(
  experiment: Experiment,
  run: string,
  on: { dataset: string; split: string; features: string },
): Promise<EvaluationPlace> {
  const { config } = experiment;
  const trained = await readRunConfig(run);
  // Another data set than the run's own has its digest in the name, and overwrites nothing.
  const own = datasetFolder({ ...experiment, config: trained }) === on.dataset;
  const name = `${own ? config.dataset.kind : basename(on.dataset)}-${on.split}`;
  const folder = join(run, "evaluations");
  const inputs = {
    checkpoint: await digestFile(join(run, BEST)),
    captions: await digestFile(join(on.dataset, "captions.parquet")),
    features: on.features,
    decoding: config.decoding,
    evaluation: config.evaluation,
  };
  return { run, folder, name, path: join(folder, `${name}.json`), inputs };
}

/** Whether an evaluation is there, made from these inputs. */
export async function isEvaluated({ folder, name, inputs }: EvaluationPlace): Promise<boolean> {
  return await isUpToDate(folder, name, inputs);
}

/** Writes an evaluation with its captions and figures, and that stage 5 is done. */
export async function saveEvaluation(
  { run, folder, name, path, inputs }: EvaluationPlace,
  evaluation: Evaluation,
  evaluated: readonly EvaluatedPhoto[],
): Promise<void> {
  await removeLeftovers(folder);
  const lines = evaluated.map((photo) => JSON.stringify(photo) + "\n").join("");
  await writeFileWhole(join(folder, `${name}.captions.jsonl`), lines);
  await writeFileWhole(path, JSON.stringify(evaluation, null, 2) + "\n");
  const figures = {
    [`${name}.bleu.plotly.json`]: bleuBars(evaluation.scores),
    "loss.plotly.json": lossCurves(await readHistory(join(run, "history.jsonl"))),
  };
  for (const [file, figure] of Object.entries(figures)) {
    await writeFileWhole(join(folder, file), JSON.stringify(figure) + "\n");
  }
  await recordStage(folder, name, inputs, [`${name}.json`, `${name}.captions.jsonl`]);
}
