import { join } from "node:path";
import { bleuBars, type Figure, lossCurves } from "../plots/mod.ts";
import { isUpToDate, recordStage, removeLeftovers, writeFileWhole } from "../storage/mod.ts";
import { readHistory } from "../training/mod.ts";
import type { EvaluatedPhoto, Evaluation } from "./evaluation.ts";
import type { RunPaths } from "./run_files.ts";

/** The evaluation of a run on one split of a data set, done or to be done. */
export class RunEvaluation {
  /** `<data set>-<split>` */
  readonly name: string;
  /** The file of the scores. */
  readonly path: string;
  readonly #run: RunPaths;

  /** Reads and writes nothing yet. */
  constructor(run: RunPaths, name: string) {
    this.name = name;
    this.path = join(run.evaluations, `${name}.json`);
    this.#run = run;
  }

  /** Whether it is there, made from these inputs. */
  async isDone(inputs: unknown): Promise<boolean> {
    return await isUpToDate(this.#run.evaluations, this.name, inputs);
  }

  /**
   * Its scores.
   *
   * @throws {Deno.errors.NotFound} if it was never done
   */
  async read(): Promise<Evaluation> {
    return JSON.parse(await Deno.readTextFile(this.path));
  }

  /**
   * Its captions.
   *
   * @throws {Deno.errors.NotFound} if it was never done
   */
  async readPhotos(): Promise<EvaluatedPhoto[]> {
    const lines = (await Deno.readTextFile(this.#file("captions.jsonl"))).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line));
  }

  /**
   * Its figures: the run's loss curves, and bars of the scores.
   *
   * @throws {Deno.errors.NotFound} if it was never done
   */
  async readFigures(): Promise<{ loss: Figure; scores: Figure }> {
    const read = async (path: string) => JSON.parse(await Deno.readTextFile(path));
    return { loss: await read(this.#lossPath), scores: await read(this.#file("bleu.plotly.json")) };
  }

  /**
   * Writes scores, captions and figures, and that it is done.
   *
   * @param inputs what the scores depend on
   */
  async save(
    evaluation: Evaluation,
    photos: readonly EvaluatedPhoto[],
    inputs: unknown,
  ): Promise<void> {
    const { evaluations, history } = this.#run;
    await removeLeftovers(evaluations);
    const lines = photos.map((photo) => JSON.stringify(photo) + "\n").join("");
    await writeFileWhole(this.#file("captions.jsonl"), lines);
    await writeFileWhole(this.path, JSON.stringify(evaluation, null, 2) + "\n");
    const bars = barsOf(evaluation.scores);
    await writeFileWhole(this.#file("bleu.plotly.json"), JSON.stringify(bars) + "\n");
    const curves = lossCurves(await readHistory(history));
    await writeFileWhole(this.#lossPath, JSON.stringify(curves) + "\n");
    const outputs = [`${this.name}.json`, `${this.name}.captions.jsonl`];
    await recordStage(evaluations, this.name, inputs, outputs);
  }

  get #lossPath(): string {
    return join(this.#run.evaluations, "loss.plotly.json");
  }

  #file(ending: string): string {
    return join(this.#run.evaluations, `${this.name}.${ending}`);
  }
}

/** Bars of BLEU, or of all scores where BLEU is not among the metrics. */
function barsOf(scores: Evaluation["scores"]): Figure {
  const hasBleu = Object.keys(scores).some((name) => name.startsWith("bleu-"));
  return bleuBars(scores, hasBleu ? {} : { title: "Scores", prefix: "" });
}

/**
 * Scores of a run by `<data set>-<split>`, those of test photos first.
 *
 * @param own kind of the run's own data set, which comes before others
 */
export async function readEvaluations(
  { evaluations }: RunPaths,
  own: string | undefined,
): Promise<Record<string, Evaluation>> {
  const found: [string, Evaluation][] = [];
  try {
    for await (const { name } of Deno.readDir(evaluations)) {
      if (!/^[\w-]+\.json$/.test(name)) continue; // figures and stage records have a second dot
      const text = await Deno.readTextFile(join(evaluations, name));
      found.push([name.slice(0, -".json".length), JSON.parse(text)]);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const rank = ([name, { split }]: [string, Evaluation]) =>
    `${name === `${own}-${split}` ? 0 : 1} ${split === "test" ? 0 : 1} ${name}`;
  return Object.fromEntries(found.sort((a, b) => rank(a) < rank(b) ? -1 : 1));
}
