import { z } from "zod";
import type { Callback, Logs, TrainingControl } from "../callback.ts";
import type { DevScorer, DevScoresOptions } from "../dev_scorer.ts";
import type { CallbackKind } from "./callback_kind.ts";

/** What an epoch may report. */
const SCORES = ["bleu-1", "bleu-2", "bleu-3", "bleu-4", "rouge-l", "cider-d"] as const;

/**
 * Adds scores of decoded captions of the dev photos to the logs: `val_bleu-4`, `val_cider-d`, … They can
 * be monitored where every epoch has them.
 */
export class DevScores implements Callback {
  readonly name = "DevScores";
  /** Figures that every epoch has. */
  readonly reports: readonly string[];
  readonly #options: DevScoresOptions;
  readonly #scorer: DevScorer;
  #control?: TrainingControl;

  /** Scores nothing yet. */
  constructor(options: DevScoresOptions, scorer: DevScorer) {
    this.reports = devFigures(options);
    this.#options = options;
    this.#scorer = scorer;
  }

  /** Keeps the control. */
  onTrainBegin(control: TrainingControl): void {
    this.#control = control;
  }

  /** Scores every so many epochs. */
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { every, scores } = this.#options;
    if ((epoch + 1) % every !== 0) return;
    const found = await this.#scorer(this.#control!.getWeights(), this.#options);
    for (const name of scores) logs[`val_${name}`] = found[name];
  }
}

/** The figures of these settings that every epoch has. */
function devFigures({ every, scores }: DevScoresOptions): string[] {
  return every === 1 ? scores.map((name) => `val_${name}`) : [];
}

const settings = z.strictObject({
  every: z.int().min(1).default(1).describe(
    "epochs from one scoring to the next; to be monitored they must be scored at every epoch",
  ),
  scores: z.array(z.enum(SCORES)).min(1).default(["bleu-4", "cider-d"]).describe(
    "what an epoch then reports, with val_ before it",
  ),
  beam: z.int().min(1).max(100).default(1).describe("captions kept at every word; 1 is greedy"),
}).optional().describe(
  "caption the dev photos after an epoch and report scores, as val_cider-d; absent: never",
);

/** {@linkcode DevScores} in the training settings. */
export const devScores: CallbackKind<typeof settings> = {
  settings,
  reports: (settings) => settings === undefined ? [] : devFigures(settings),
  create: (settings, _, scorer) =>
    settings === undefined || scorer === undefined ? undefined : new DevScores(settings, scorer),
};
