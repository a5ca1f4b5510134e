import type { Evaluation } from "../run/mod.ts";

/** An evaluation as rows of a task's table. */
export function evaluationRows(evaluation: Evaluation): [string, string | number][] {
  return [
    [`${evaluation.split} photos`, evaluation.photos],
    ["captions/s", Math.round(evaluation.captionsPerSecond)],
    ...Object.entries(evaluation.scores).map(([name, score]): [string, string] => [
      name,
      score.toFixed(4), // a score of 0 as well
    ]),
    ["signature", evaluation.signature],
  ];
}
