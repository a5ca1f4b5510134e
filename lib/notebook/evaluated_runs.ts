import { basename } from "node:path";
import { type Config, resolvePaths } from "../config/mod.ts";
import { type EvaluatedPhoto, type Evaluation, findRun, type ListedRun, Run } from "../run/mod.ts";
import { datasetFolder, evaluateRun, type Experiment } from "../stages/mod.ts";

/** A run, its scores and its captions. */
export interface EvaluatedRun {
  /** Its name. */
  name: string;
  /** It. */
  run: Run;
  /** All that is known of it, for a comparison. */
  listed: ListedRun;
  /** Its config; relative paths start from the working folder. */
  config: Config;
  /** Its evaluation's name, `<data set>-<split>`. */
  on: string;
  /** Its scores. */
  evaluation: Evaluation;
  /** Its captions. */
  photos: EvaluatedPhoto[];
  /** The figures of its epochs. */
  history: Awaited<ReturnType<Run["readHistory"]>>;
}

/**
 * Trained runs with their scores on the experiment's data set, by the experiment's way of evaluating
 * and each run's own way of decoding. Runs that are not evaluated so yet are.
 *
 * @param names of runs under the experiment's data folder
 * @throws {Error} if there is no such run, it is not trained to its end, or it was trained on another
 * data set
 */
export async function evaluatedRuns(
  experiment: Experiment,
  names: readonly string[],
): Promise<EvaluatedRun[]> {
  const found: EvaluatedRun[] = [];
  for (const name of names) found.push(await evaluatedRun(experiment, name));
  return found;
}

async function evaluatedRun(experiment: Experiment, name: string): Promise<EvaluatedRun> {
  const { data } = experiment;
  const run = new Run((await findRun(data, name)).folder);
  const own = { ...await run.readConfig(), evaluation: experiment.config.evaluation };
  const root = experiment.written?.root;
  const config = root === undefined ? own : resolvePaths(own, root);
  const written = root === undefined ? undefined : { config: own, root };
  if (datasetFolder({ config, written, data }) !== datasetFolder(experiment)) {
    throw new Error(
      `${name} was trained on another data set than ${experiment.config.name}: runs are compared ` +
        "on one, so leave it out of the others",
    );
  }
  const { path, evaluation } = await evaluateRun({ ...experiment, config, written }, run);
  const on = basename(path, ".json");
  return {
    name,
    run,
    listed: await findRun(data, name),
    config,
    on,
    evaluation,
    photos: await run.evaluation(on).readPhotos(),
    history: await run.readHistory(),
  };
}
