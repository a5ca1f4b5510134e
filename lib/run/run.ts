import { basename, join } from "node:path";
import type { Config } from "../config/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { type Decoder, fittingWeights } from "../models/mod.ts";
import type { Weights } from "../nn/mod.ts";
import { digestFile, exists, isUpToDate, recordStage, writeFileWhole } from "../storage/mod.ts";
import { type Tokenizer, tokenizerFromJson, tokenizerToJson } from "../text/mod.ts";
import {
  type Checkpoint,
  type HistoryLine,
  readCheckpointWeights,
  readHistory,
} from "../training/mod.ts";
import { type BeginOptions, beginRun, checkRun } from "./begin_run.ts";
import type { Evaluation } from "./evaluation.ts";
import { type ImportedParts, writeImportedRun } from "./imported_run.ts";
import { noRun, readRunConfig } from "./run_config.ts";
import { readEvaluations, RunEvaluation } from "./evaluation_record.ts";
import { runFiles, type RunPaths, runPaths } from "./run_files.ts";
import { readSeenPhotos, type SeenPhotos } from "./seen_photos.ts";
import type { TrainingInputs } from "./recorded_inputs.ts";
import * as training from "./training_stage.ts";
import { notTrained, readTrainingSummary, type TrainingSummary } from "./training_summary.ts";

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
    if (config === undefined) throw noRun(this.folder);
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
   * Makes the folder with its config, or checks that the run there was made by this config.
   *
   * @throws {Error} naming the keys that differ, or the process that works on the run
   */
  async begin(config: Config, options: BeginOptions = {}): Promise<void> {
    await beginRun(this.paths, config, options);
  }

  /**
   * Its tokenizer.
   *
   * @throws {Error} if it has none yet
   */
  async readTokenizer(): Promise<Tokenizer> {
    return tokenizerFromJson(await this.#read(runFiles.tokenizer));
  }

  /** Whether it has a tokenizer, made from these inputs. */
  async hasTokenizer(inputs: unknown): Promise<boolean> {
    return await isUpToDate(this.folder, TOKENIZER_STAGE, inputs);
  }

  /** Writes its tokenizer, and that stage 3 is done. */
  async saveTokenizer(tokenizer: Tokenizer, inputs: unknown): Promise<void> {
    await writeFileWhole(this.paths.tokenizer, tokenizerToJson(tokenizer));
    await recordStage(this.folder, TOKENIZER_STAGE, inputs, [runFiles.tokenizer]);
  }

  /** SHA-256 of its tokenizer. */
  async tokenizerDigest(): Promise<string> {
    return await digestFile(this.paths.tokenizer);
  }

  /** SHA-256 of its best checkpoint. */
  async bestDigest(): Promise<string> {
    return await digestFile(this.paths.best);
  }

  /**
   * The weights of its best epoch, in the decoder's order.
   *
   * @throws {RangeError} if they are of another network than the decoder
   */
  readWeights(decoder: Decoder): Weights {
    return fittingWeights(decoder, readCheckpointWeights(this.paths.best), this.paths.best);
  }

  /**
   * What decides its network besides the config, and how its training went.
   *
   * @throws {Error} if it is not trained to its end
   */
  async readTraining(): Promise<TrainingSummary> {
    return await readTrainingSummary(this.paths);
  }

  /** Whether it has weights to make captions with: its training has ended, or it was imported. */
  async isComplete(): Promise<boolean> {
    return await exists(this.paths.training);
  }

  /** The figures of its epochs; none before the first. */
  async readHistory(): Promise<HistoryLine[]> {
    return await readHistory(this.paths.history);
  }

  /** Whether it is trained from these inputs, all epochs. */
  async isTrained(inputs: TrainingInputs): Promise<boolean> {
    return await training.isTrained(this.paths, inputs);
  }

  /**
   * Where an interrupted or a shorter training from these inputs stood; undefined where training
   * has to start from scratch.
   */
  async checkpointToResume(
    inputs: TrainingInputs,
    say: Required<Listener>["say"],
  ): Promise<Checkpoint | undefined> {
    return await training.checkpointToResume(this.paths, inputs, say);
  }

  /** Deletes its checkpoints, so that its training starts from scratch. */
  async deleteCheckpoints(): Promise<void> {
    await training.deleteCheckpoints(this.paths);
  }

  /**
   * Records what the checkpoints that follow belong to.
   *
   * @param photos digests of the photos that it is trained on
   */
  async beginTraining(inputs: TrainingInputs, photos: readonly string[], from?: Run) {
    await training.beginTraining(this.paths, inputs, photos, from?.paths);
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
   * @throws {Deno.errors.NotFound} if nothing is written about it
   */
  async readSeenPhotos(): Promise<SeenPhotos> {
    return await readSeenPhotos(this.paths);
  }

  /** Fills it with a decoder that was trained elsewhere. */
  async writeImported(parts: ImportedParts): Promise<void> {
    await writeImportedRun(this.paths, parts);
  }

  /** Its evaluation of that name, `<data set>-<split>`, done or to be done. */
  evaluation(name: string): RunEvaluation {
    return new RunEvaluation(this.paths, name);
  }

  /**
   * Scores by `<data set>-<split>`, those of test photos first.
   *
   * @param own kind of the run's own data set, which comes before others
   */
  async readEvaluations(own?: string): Promise<Record<string, Evaluation>> {
    return await readEvaluations(this.paths, own);
  }

  async #read(file: string): Promise<string> {
    try {
      return await Deno.readTextFile(join(this.folder, file));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw notTrained(this.folder, file);
    }
  }
}

/** The folder of all runs. */
export function runsFolder(data: string): string {
  return join(data, "runs");
}
