import { Run, type RunEnsemble } from "../run/mod.ts";
import { type FolderUses, isForbidden, lockFolder, openInput, realPath } from "../storage/mod.ts";
import type { Callback } from "../training/mod.ts";
import { buildTokenizer, type BuiltTokenizer } from "./build_tokenizer.ts";
import { cacheFeatures } from "./cache_features.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { checkDatasetFeatures, checkRunFeatures } from "./check_inputs.ts";
import type { Evaluated } from "./caption_and_score.ts";
import { evaluate } from "./evaluate.ts";
import { evaluateEnsemble } from "./evaluate_ensemble.ts";
import { type Experiment, reachable, runOf, whileInUse, writtenConfig } from "./experiment.ts";
import { prepareData } from "./prepare_data.ts";
import type { PreparedData } from "./prepared_data.ts";
import { checkTraining, train, type Trained } from "./train.ts";
import { NoUnseenPhotosError } from "./unseen_photos.ts";

/** Options of the stages that write a run. */
export interface RunOptions {
  /** Deletes the run of this name, whatever config made it. @default {false} */
  overwrite?: boolean;
}

/** Options of {@linkcode throughTraining}. */
export interface TrainOptions extends RunOptions {
  /** The user's own callbacks, called before the others. @default {[]} */
  callbacks?: Callback[];
}

/** What stages 1 and 2 made. */
export interface DataAndFeatures {
  /** Of stage 1. */
  prepared: PreparedData;
  /** Of stage 2. */
  features: CachedFeatures;
}

/** Stages 1 and 2: prepares the data and caches the features, as far as they are missing. */
export async function throughFeatures(experiment: Experiment): Promise<DataAndFeatures> {
  return await whileInUse(experiment, async (experiment) => {
    await checkDatasetFeatures(experiment);
    const prepared = await prepareData(experiment);
    return { prepared, features: await cacheFeatures(experiment, prepared) };
  });
}

/**
 * Stages 1 and 3: prepares the data and builds the tokenizer, as far as they are missing.
 *
 * @throws {Error} naming the keys that differ, if another config made the run of this name, or the
 * process that works on it
 */
export async function throughTokenizer(
  experiment: Experiment,
  { overwrite = false }: RunOptions = {},
): Promise<BuiltTokenizer> {
  return await whileInUse(experiment, async (experiment) => {
    using lock = await lockRun(experiment, overwrite);
    return await buildTokenizer(experiment, await prepareData(experiment), { overwrite, lock });
  });
}

/**
 * Stages 1 to 4: whatever is missing before training, and training.
 *
 * @throws {RangeError} if no epoch will report what a callback monitors
 * @throws {Error} naming the keys that differ, if another config made the run of this name, or the
 * process that works on it
 */
export async function throughTraining(
  experiment: Experiment,
  options: TrainOptions = {},
): Promise<Trained & DataAndFeatures> {
  return await whileTrained(
    experiment,
    options,
    (_experiment, trained) => Promise.resolve(trained),
  );
}

/** Stages 1 to 5: whatever is missing, training, and its scores; null if nothing can be scored. */
export async function throughEvaluation(
  experiment: Experiment,
  options: TrainOptions = {},
): Promise<Trained & DataAndFeatures & { evaluated: Evaluated | null }> {
  return await whileTrained(experiment, options, async (experiment, trained) => {
    try {
      return { ...trained, evaluated: await evaluate(experiment, trained) };
    } catch (error) {
      if (!(error instanceof NoUnseenPhotosError)) throw error;
      experiment.say(`No scores: ${error.message}`);
      return { ...trained, evaluated: null };
    }
  });
}

/**
 * Stages 1, 2 and 5 for a run that is trained: its scores on the config's data set, by features of
 * the run's own encoder, or of the file that the config names.
 *
 * @throws {RangeError} if these features have another shape than the run's
 * @throws {NoUnseenPhotosError} if there is no photo that the run was not trained on
 */
export async function evaluateRun(experiment: Experiment, run: Run): Promise<Evaluated> {
  return await whileInUse(experiment, async (experiment) => {
    using _lock = await lockFolder(run.folder, { say: experiment.say });
    const encoder = await checkRunFeatures(experiment, run);
    const prepared = await prepareData(experiment);
    const features = await cacheFeatures(
      experiment,
      prepared,
      encoder,
      await run.readTraining(),
    );
    return await evaluate(experiment, { run, prepared, features });
  });
}

/**
 * Stages 1, 2 and 5 for several trained runs that caption together: their scores on the config's data
 * set, by features of each run's own encoder.
 *
 * @throws {NoUnseenPhotosError} if there is no photo that none of them was trained on
 * @throws {RangeError} naming two runs whose words are not the same, or if the config names a file of
 * features that is no run's own
 */
export async function evaluateRuns(
  experiment: Experiment,
  ensemble: RunEnsemble,
): Promise<Evaluated> {
  return await whileInUse(experiment, async (experiment) => {
    using locks = new DisposableStack();
    for (const { folder } of [...ensemble.runs, ensemble]) {
      locks.use(await lockFolder(folder, { say: experiment.say }));
    }
    const configs = await Promise.all(ensemble.runs.map((run) => run.readConfig()));
    const encoders = configs.map((config) => reachable(experiment, config).encoder);
    const { features: asked } = experiment.config.encoder;
    if (asked !== undefined && encoders.every(({ features }) => features !== asked)) {
      throw new RangeError(
        `Runs that caption together take their own features, none of them those of ${asked}: leave ` +
          "--encoder.features out",
      );
    }
    const prepared = await prepareData(experiment);
    const features: CachedFeatures[] = [];
    for (const [i, run] of ensemble.runs.entries()) {
      const own = encoders[i];
      const asRun = { ...experiment, config: { ...experiment.config, encoder: own } };
      const encoder = await checkRunFeatures(asRun, run);
      features.push(await cacheFeatures(asRun, prepared, encoder, await run.readTraining()));
    }
    return await evaluateEnsemble(experiment, ensemble, { prepared, features });
  });
}

/** Stages 1 to 4, and what follows while nobody else may write the run. */
async function whileTrained<T>(
  experiment: Experiment,
  { overwrite = false, callbacks }: TrainOptions,
  next: (experiment: Experiment, trained: Trained & DataAndFeatures) => Promise<T>,
): Promise<T> {
  checkTraining(experiment, callbacks);
  const { wordVectors } = experiment.config.training;
  if (wordVectors !== undefined) (await openInput(wordVectors)).close(); // before any work
  return await whileInUse(experiment, async (experiment) => {
    using lock = await lockRun(experiment, overwrite);
    // Before the tokenizer: an encoder that cannot start leaves no run behind, and deletes none.
    const made = await throughFeatures(experiment);
    const built = await buildTokenizer(experiment, made.prepared, { overwrite, lock });
    const trained = await train(experiment, { ...made, ...built }, callbacks);
    return await next(experiment, { ...trained, ...made });
  });
}

/** Before any work: a run in use or of another config is refused at once. */
async function lockRun(
  experiment: Experiment & { uses: FolderUses },
  overwrite: boolean,
): Promise<Disposable> {
  using locks = new DisposableStack();
  const run = runOf(experiment);
  locks.use(await run.lock(experiment));
  if (!overwrite) await run.check(writtenConfig(experiment));
  await useBase(run, experiment);
  const { from } = experiment.config.training;
  // Before anything is deleted or begun.
  if (from !== undefined && (overwrite || !await run.isComplete())) {
    await new Run(from).checkStart();
  }
  return locks.move();
}

/** The run that training starts from stays as it is until the task ends. */
async function useBase(
  run: Run,
  { config: { training: { from } }, uses }: Experiment & { uses: FolderUses },
): Promise<void> {
  if (from === undefined) return;
  if (realPath(from) === realPath(run.folder)) {
    throw new Error(`${from} cannot start from its own weights: give this run another --name`);
  }
  try {
    await uses.use(from);
  } catch (error) {
    if (!isForbidden(error)) throw error; // no task of this user alters it
  }
}
