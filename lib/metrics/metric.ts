import type { EvaluationSettings } from "./settings.ts";
import type { Tokenization } from "./tokenize.ts";

/** One way to score captions; a new one is a file and its line in registry.ts. */
export interface Metric {
  /** How captions become words before they are scored. */
  tokenization(settings: EvaluationSettings): Tokenization;
  /** What the scores depend on besides captions, as `name:value` parts, e.g. `["bleu:coco", "n:4"]`. */
  signature(settings: EvaluationSettings): string[];
  /**
   * Scores of a corpus by name, e.g. `{ "bleu-1": 0.6 }`; never NaN.
   *
   * @param candidates the words of each photo's caption
   * @param references the words of each photo's true captions
   */
  score(
    candidates: string[][],
    references: string[][][],
    settings: EvaluationSettings,
  ): Record<string, number>;
}
