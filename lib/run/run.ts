import { basename, join } from "node:path";
import type { Config } from "../config/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { type Decoder, fittingWeights } from "../models/mod.ts";
import type { Arithmetic, Weights } from "../nn/mod.ts";
import {
  alteredOutput,
  DamagedFileError,
  digestFile,
  exists,
  isUpToDate,
  MISSING,
  recordStage,
  sha256,
  whyUnreadable,
  writeFileWhole,
} from "../storage/mod.ts";
import { type Tokenizer, tokenizerFromJson, tokenizerToJson } from "../text/mod.ts";
import { type Checkpoint, type HistoryLine, readHistory } from "../training/mod.ts";
import { type BeginOptions, beginRun, checkRun, lockRun } from "./begin_run.ts";
import { readBestWeights } from "./best_checkpoint.ts";
import { type ImportedParts, writeImportedRun } from "./imported_run.ts";
import { configAdvice, noRun, readRunConfig } from "./run_config.ts";
import { type FoundEvaluations, readEvaluations, RunEvaluation } from "./evaluation_record.ts";
import { restoreAdvice } from "./restore_advice.ts";
import { runFiles, type RunPaths, runPaths, RUNS } from "./run_files.ts";
import { readSeenPhotos, type SeenPhotos } from "./seen_photos.ts";
import type { TrainingInputs } from "./recorded_inputs.ts";
import * as training from "./training_stage.ts";
import { checkRecorded, notTrained, readRunRecord, type TrainingSummary } from "./run_record.ts";

const TOKENIZER_STAGE = "tokenizer";

/**
 * A run: a caption generator, trained or in training, in a folder of its own. Copied elsewhere it
 * still captions photos, given the encoder's weights.
 */
export class Run {
  /** Where it lies. */
  readonly folder: string;
  /** Paths of its files. */
  readonly paths: RunPaths;

  /** Reads and writes nothing yet; the folder need not exist. */
  constructor(folder: string) {
    this.folder = folder;
    this.paths = runPaths(folder);
  }

  /** The run of that name under a data folder. */
  static named(name: string, data: string): Run {
    return new Run(join(runsFolder(data), name));
  }

  /** The folder's name. */
  get name(): string {
    return basename(this.folder);
  }

  /**
   * The config that made it.
   *
   * @throws {Error} if the folder holds no run of this version
   */
  async readConfig(): Promise<Config> {
    const config = await readRunConfig(this.paths.config);
    if (config === undefined) {
      if (!await this.isComplete()) throw noRun(this.folder);
      throw new DamagedFileError(this.paths.config, MISSING, configAdvice(this.paths.config));
    }
    return config;
  }

  /**
   * Checks that there is no such run yet, or that it was made by this config.
   *
   * @throws {Error} naming the keys that differ
   */
  async check(config: Config): Promise<void> {
    await checkRun(this.paths, config);
  }

  /**
   * Locks it for whoever writes its files, until the result is disposed of.
   *
   * @throws {Error} naming the process that works on it
   */
  async lock(listener: Pick<Listener, "say"> = {}): Promise<Disposable> {
    return await lockRun(this.paths, listener);
  }

  /**
   * Makes the folder with its config, or checks that the run there was made by this config. Call it
   * under the run's lock.
   *
   * @throws {Error} naming the keys that differ
   */
  async begin(config: Config, options: BeginOptions = {}): Promise<void> {
    await beginRun(this.paths, config, options);
  }

  /**
   * Its tokenizer.
   *
   * @throws {DamagedFileError} if it is not as it was when the training ended
   * @throws {Error} if it has none yet
   */
  async readTokenizer(): Promise<Tokenizer> {
    await this.#check("tokenizer");
    const path = this.paths.tokenizer;
    try {
      return tokenizerFromJson(await Deno.readTextFile(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) throw notTrained(this.paths, runFiles.tokenizer);
      const damage = error instanceof SyntaxError ? "it is not as it was written" : undefined;
      const advice = restoreAdvice(this.paths);
      throw new DamagedFileError(path, damage ?? whyUnreadable(error), advice, { cause: error });
    }
  }

  /**
   * Whether it has a tokenizer, made from these inputs.
   *
   * @param say hears which file of it is damaged
   */
  async hasTokenizer(inputs: unknown, say: Required<Listener>["say"]): Promise<boolean> {
    if (await isUpToDate(this.folder, TOKENIZER_STAGE, inputs)) return true;
    const altered = await alteredOutput(this.folder, TOKENIZER_STAGE);
    if (altered !== undefined && await this.isComplete()) {
      say(`${join(this.folder, altered)} is gone or damaged: the tokenizer is built again`);
    }
    return false;
  }

  /** Writes its tokenizer, and that stage 3 is done; weights of another one no longer count. */
  async saveTokenizer(tokenizer: Tokenizer, inputs: unknown): Promise<void> {
    const text = tokenizerToJson(tokenizer);
    await training.forgetUnlessSameTokenizer(this.paths, sha256(text));
    await writeFileWhole(this.paths.tokenizer, text);
    await recordStage(this.folder, TOKENIZER_STAGE, inputs, [runFiles.tokenizer]);
  }

  /** SHA-256 of its tokenizer. */
  async tokenizerDigest(): Promise<string> {
    return await digestFile(this.paths.tokenizer);
  }

  /**
   * SHA-256 of its best checkpoint, as it was when the training ended.
   *
   * @throws {Error} if it is not trained to its end
   */
  async bestDigest(): Promise<string> {
    return (await readRunRecord(this.paths)).best;
  }

  /**
   * The weights of its best epoch, in the decoder's order.
   *
   * @param say hears where they were read from instead of a damaged file
   * @throws {DamagedFileError} if they are not as they were when the training ended
   * @throws {Error} if it is not trained to its end
   * @throws {RangeError} if they are of another network than the decoder
   */
  async readWeights(decoder: Decoder, say?: Listener["say"]): Promise<Weights> {
    const weights = readBestWeights(this.paths, await readRunRecord(this.paths), say);
    return fittingWeights(decoder, weights, this.paths.best);
  }

  /**
   * What decides its network besides the config, and how its training went.
   *
   * @throws {DamagedFileError} if that is not as it was written
   * @throws {Error} if it is not trained to its end
   */
  async readTraining(): Promise<TrainingSummary> {
    return await readRunRecord(this.paths);
  }

  /** Whether it has weights to make captions with: its training has ended, or it was imported. */
  async isComplete(): Promise<boolean> {
    return await exists(this.paths.training);
  }

  /**
   * The figures of its epochs; none before the first.
   *
   * @throws {DamagedFileError} if they are not as they were when the training ended
   */
  async readHistory(): Promise<HistoryLine[]> {
    await this.#check("history");
    return await readHistory(this.paths.history);
  }

  /**
   * Whether it is trained from these inputs, all epochs, and all that belongs to its weights is as it
   * was.
   *
   * @param say hears what is not
   */
  async isTrained(
    inputs: TrainingInputs,
    say: Required<Listener>["say"],
  ): Promise<boolean> {
    return await training.isTrained(this.paths, inputs, say);
  }

  /**
   * Where an interrupted or a shorter training from these inputs stood; undefined where training
   * has to start from scratch.
   *
   * @throws {DamagedFileError} if the best checkpoint is damaged, and only training from scratch would
   * make it again
   */
  async checkpointToResume(
    inputs: TrainingInputs,
    say: Required<Listener>["say"],
  ): Promise<Checkpoint | undefined> {
    return await training.checkpointToResume(this.paths, inputs, say);
  }

  /**
   * The numbers in which the training that {@linkcode checkpointToResume} would resume began; undefined
   * where none resumes.
   */
  begunArithmetic(inputs: TrainingInputs): Arithmetic | undefined {
    return training.begunArithmetic(this.paths, inputs);
  }

  /** Deletes its checkpoints, so that its training starts from scratch. */
  async deleteCheckpoints(): Promise<void> {
    await training.deleteCheckpoints(this.paths);
  }

  /**
   * Checks all that a training which starts from its weights reads.
   *
   * @throws {DamagedFileError} if one of these files is not as it was when the training ended
   * @throws {Error} if it is not trained to its end
   */
  async checkStart(): Promise<void> {
    const record = await readRunRecord(this.paths);
    readBestWeights(this.paths, record, undefined);
    for (const file of ["tokenizer", "trainedOn", "seenElsewhere"] as const) {
      await checkRecorded(this.paths, record, file);
    }
  }

  /**
   * Takes back what its record says, since its weights are about to change, and records what it is
   * trained on.
   *
   * @param photos digests of the photos that it is trained on
   * @param from the run whose weights it starts from
   * @returns what the checkpoints that follow are to carry, as `belongsTo`
   */
  async beginTraining(
    inputs: TrainingInputs,
    photos: readonly string[],
    from?: Run,
  ): Promise<string> {
    return await training.beginTraining(this.paths, inputs, photos, from?.paths);
  }

  /** Writes how training went, and that stage 4 is done. */
  async finishTraining(
    inputs: TrainingInputs,
    outcome: training.TrainingOutcome,
  ): Promise<TrainingSummary> {
    return await training.finishTraining(this.paths, inputs, outcome);
  }

  /**
   * What it saw in training.
   *
   * @throws {DamagedFileError} if what is written about it is not as it was when the training ended
   * @throws {Error} if it is not trained to its end
   */
  async readSeenPhotos(): Promise<SeenPhotos> {
    return await readSeenPhotos(this.paths, await readRunRecord(this.paths));
  }

  /** Writes it whole as a decoder that was trained elsewhere; a run of that name is replaced. */
  async writeImported(config: Config, parts: ImportedParts): Promise<void> {
    await writeImportedRun(this.paths, config, parts);
  }

  /** Its evaluation of that name, `<data set>-<split>`, done or to be done. */
  evaluation(name: string): RunEvaluation {
    return new RunEvaluation(this.paths, name);
  }

  /**
   * The evaluations of its weights; those of weights that it had before do not count.
   *
   * @param own kind of the run's own data set, which comes before others
   * @throws {Error} if it is not trained to its end
   */
  async readEvaluations(own?: string): Promise<FoundEvaluations> {
    return await readEvaluations(this.paths, own, (await readRunRecord(this.paths)).best);
  }

  /** While a training is under way, its files are not recorded yet. */
  async #check(file: "tokenizer" | "history"): Promise<void> {
    if (!await this.isComplete()) return;
    const record = await readRunRecord(this.paths).catch((error) => {
      if (!(error instanceof DamagedFileError)) throw error; // else training writes it again
    });
    if (record !== undefined) await checkRecorded(this.paths, record, file);
  }
}

/** The folder of all runs. */
export function runsFolder(data: string): string {
  return join(data, RUNS);
}
