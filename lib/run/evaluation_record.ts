import { basename, join } from "node:path";
import { z } from "zod";
import { bleuBars, type Figure, lossCurves } from "../plots/mod.ts";
import {
  DamagedFileError,
  digestFile,
  digestJson,
  isNotFound,
  MISSING,
  OtherVersionError,
  readRecord,
  readTextIfAny,
  removeLeftovers,
  sha256,
  whyUnreadable,
  writeFileWhole,
  writeRecord,
} from "../storage/mod.ts";
import { readHistory } from "../training/mod.ts";
import { runOptions } from "./ensemble_name.ts";
import type { EvaluatedPhoto, Evaluation } from "./evaluation.ts";
import type { RunPaths } from "./run_files.ts";
import { checkRecorded, readRunRecord } from "./run_record.ts";

/** Version of an evaluation's record. */
const FORMAT = 1;

const schema = z.strictObject({
  split: z.string(),
  photos: z.int(),
  signature: z.string(),
  captionsPerSecond: z.number(),
  scores: z.record(z.string(), z.number()),
  intervals: z.record(z.string(), z.strictObject({ low: z.number(), high: z.number() })).optional(),
  statistics: z.strictObject({
    meanLength: z.number(),
    words: z.int(),
    distinct: z.number(),
    inTrain: z.number().optional(),
    mostFrequent: z.strictObject({ caption: z.string(), photos: z.int() }),
  }).optional(),
  perplexity: z.number().optional(),
  runs: z.array(z.strictObject({ name: z.string(), checkpoint: z.string() })).optional(),
  /** SHA-256 of the checkpoint that made the captions. */
  checkpoint: z.string(),
  /** Digest of all that the scores depend on. */
  inputs: z.string(),
  /** SHA-256 of the captions' file. */
  captions: z.string(),
});

type EvaluationRecord = z.infer<typeof schema>;

/** What an evaluation's scores depend on. */
export interface EvaluationInputs {
  /** SHA-256 of the checkpoint, as in the run's record. */
  checkpoint: string;
  /** All else. */
  [what: string]: unknown;
}

/** The evaluation of a run on one split of a data set, done or to be done. */
export class RunEvaluation {
  /** `<data set>-<split>` */
  readonly name: string;
  /** The file of the scores. */
  readonly path: string;
  readonly #run: RunPaths;
  readonly #isEnsemble: boolean;

  /**
   * Reads and writes nothing yet.
   *
   * @param isEnsemble whether it is of several runs, so that there is no training to draw
   */
  constructor(run: RunPaths, name: string, { isEnsemble = false } = {}) {
    this.name = name;
    this.#isEnsemble = isEnsemble;
    this.path = recordPath(run, name);
    this.#run = run;
  }

  /**
   * Whether it is there, made from these inputs, with its captions.
   *
   * @param say hears what is damaged
   */
  async isDone(inputs: EvaluationInputs, say: (line: string) => void): Promise<boolean> {
    try {
      const record = await readEvaluationRecord(this.#run, this.name);
      if (record === undefined || record.inputs !== digestJson(inputs)) return false;
      await this.#checkCaptions(record);
      return true;
    } catch (error) {
      if (error instanceof OtherVersionError) return false;
      if (!(error instanceof DamagedFileError)) throw error;
      say(`${error.path} is damaged (${error.damage}): evaluating again`);
      return false;
    }
  }

  /**
   * Its scores.
   *
   * @throws {DamagedFileError} if they are not as they were written
   * @throws {Error} if it was never done
   */
  async read(): Promise<Evaluation> {
    return evaluationIn(await this.#read());
  }

  /**
   * Its captions.
   *
   * @throws {DamagedFileError} if they are not as they were written
   * @throws {Error} if it was never done
   */
  async readPhotos(): Promise<EvaluatedPhoto[]> {
    await this.#checkCaptions(await this.#read());
    const lines = (await Deno.readTextFile(this.#captions)).split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  /**
   * Its figures: the run's loss curves, and bars of the scores.
   *
   * @throws {DamagedFileError} if the scores or the run's history are not as they were written
   * @throws {Error} if it was never done
   */
  async readFigures(): Promise<{ loss: Figure; scores: Figure }> {
    const { scores } = await this.#read();
    await checkRecorded(this.#run, await readRunRecord(this.#run), "history");
    return {
      loss: lossCurves(await readHistory(this.#run.history)),
      scores: barsOf(scores),
    };
  }

  /**
   * Writes captions, scores, which make it one that is done, and figures.
   *
   * @returns the files written; a figure that stays the same is not
   * @throws {DamagedFileError} if the run's history, which a figure shows, is not as it was written
   */
  async save(
    evaluation: Evaluation,
    photos: readonly EvaluatedPhoto[],
    inputs: EvaluationInputs,
  ): Promise<string[]> {
    await removeLeftovers(this.#run.evaluations);
    const lines = photos.map((photo) => JSON.stringify(photo) + "\n").join("");
    await writeFileWhole(this.#captions, lines);
    const record: EvaluationRecord = {
      ...evaluation,
      checkpoint: inputs.checkpoint,
      inputs: digestJson(inputs),
      captions: sha256(lines),
    };
    await writeRecord(this.path, FORMAT, record);
    return [this.#captions, this.path, ...await this.drawFigures()];
  }

  /**
   * Writes the figures where they are not as they would be drawn.
   *
   * @returns the files written
   */
  async drawFigures(): Promise<string[]> {
    const { loss, scores }: { loss?: Figure; scores: Figure } = this.#isEnsemble
      ? { scores: barsOf((await this.#read()).scores) }
      : await this.readFigures();
    const written: string[] = [];
    for (
      const [path, figure] of [
        [join(this.#run.evaluations, "loss.plotly.json"), loss],
        [join(this.#run.evaluations, `${this.name}.bleu.plotly.json`), scores],
      ] as const
    ) {
      if (figure === undefined) continue;
      const text = JSON.stringify(figure) + "\n";
      if (await readTextIfAny(path).catch(() => undefined) === text) continue;
      await writeFileWhole(path, text);
      written.push(path);
    }
    return written;
  }

  async #read(): Promise<EvaluationRecord> {
    const record = await readEvaluationRecord(this.#run, this.name);
    if (record !== undefined) return record;
    throw new Error(`There is no ${this.path}: evaluate the run first`);
  }

  get #remedy(): string {
    return remedyOf(this.#run);
  }

  get #captions(): string {
    return join(this.#run.evaluations, `${this.name}.captions.jsonl`);
  }

  async #checkCaptions({ captions }: EvaluationRecord): Promise<void> {
    const path = this.#captions;
    const found = await digestFile(path).catch((error) => {
      const damage = isNotFound(error) ? MISSING : whyUnreadable(error);
      throw new DamagedFileError(path, damage, this.#remedy, { cause: error });
    });
    if (found !== captions) throw new DamagedFileError(path, "it was altered", this.#remedy);
  }
}

/** Bars of BLEU, or of all scores where BLEU is not among the metrics. */
function barsOf(scores: Evaluation["scores"]): Figure {
  const hasBleu = Object.keys(scores).some((name) => name.startsWith("bleu-"));
  return bleuBars(scores, hasBleu ? {} : { title: "Scores", prefix: "" });
}

/** What was found of a run's evaluations. */
export interface FoundEvaluations {
  /** Scores by `<data set>-<split>`, those of test photos first. */
  evaluations: Record<string, Evaluation>;
  /** What is wrong with others, a sentence each. */
  problems: string[];
}

/**
 * The evaluations of a run's weights; those of other weights, which it had before, do not count.
 *
 * @param own kind of the run's own data set, which comes before others
 * @param checkpoint SHA-256 of the run's weights
 */
export async function readEvaluations(
  paths: RunPaths,
  own: string | undefined,
  checkpoint: string,
): Promise<FoundEvaluations> {
  const found: [string, Evaluation][] = [];
  const problems: string[] = [];
  for (const name of await evaluationNames(paths)) {
    try {
      const record = await readEvaluationRecord(paths, name);
      if (record === undefined) { // its captions are there
        problems.push(
          `There is no ${recordPath(paths, name)}, though there are captions: the evaluation was ` +
            `cut off, or the file deleted; ${remedyOf(paths)}`,
        );
        continue;
      }
      if (record.checkpoint === checkpoint) found.push([name, evaluationIn(record)]);
    } catch (error) {
      if (!(error instanceof DamagedFileError || error instanceof OtherVersionError)) throw error;
      problems.push(error.message);
    }
  }
  const rank = ([name, { split }]: [string, Evaluation]) =>
    `${name === `${own}-${split}` ? 0 : 1} ${split === "test" ? 0 : 1} ${name}`;
  const evaluations = Object.fromEntries(found.sort((a, b) => rank(a) < rank(b) ? -1 : 1));
  return { evaluations, problems };
}

/** By their scores, or by their captions alone; figures have other endings. */
async function evaluationNames({ evaluations }: RunPaths): Promise<string[]> {
  const names = new Set<string>();
  try {
    for await (const { name } of Deno.readDir(evaluations)) {
      const found = /^([\w-]+)(?:\.json|\.captions\.jsonl)$/.exec(name);
      if (found !== null) names.add(found[1]);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return [...names].sort();
}

async function readEvaluationRecord(
  paths: RunPaths,
  name: string,
): Promise<EvaluationRecord | undefined> {
  const file = { format: FORMAT, schema, remedy: remedyOf(paths) };
  return await readRecord(recordPath(paths, name), file);
}

function remedyOf({ folder }: RunPaths): string {
  return `\`deno task evaluate ${
    runOptions(folder, basename(folder))
  }\`, with the options that made it, makes it again`;
}

function evaluationIn(record: EvaluationRecord): Evaluation {
  const { checkpoint: _, inputs: __, captions: ___, ...evaluation } = record;
  return evaluation;
}

function recordPath({ evaluations }: RunPaths, name: string): string {
  return join(evaluations, `${name}.json`);
}
