import type { CandidateStatistics, Interval, Scores } from "../metrics/mod.ts";
import type { Evaluation } from "../run/mod.ts";

/** An evaluation as rows of a task's table. */
export function evaluationRows(evaluation: Evaluation): [string, string | number][] {
  const { scores, intervals, perplexity, statistics } = evaluation;
  return [
    [`${evaluation.split} photos`, evaluation.photos],
    ["captions/s", Math.round(evaluation.captionsPerSecond)],
    ...scoreRows(scores, intervals),
    ...perplexity === undefined ? [] : [["perplexity", perplexity.toFixed(2)] as [string, string]],
    ...statistics === undefined ? [] : statisticsRows(statistics),
    ["signature", evaluation.signature],
  ];
}

/** Scores as rows of a table, each with its interval where there is one. */
export function scoreRows(
  scores: Scores,
  intervals: Record<string, Interval> = {},
): [string, string][] {
  return Object.entries(scores).map(([name, score]) => {
    const { [name]: interval } = intervals;
    const value = score.toFixed(4); // a score of 0 as well
    return [
      name,
      interval === undefined
        ? value
        : `${value}  (${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})`,
    ];
  });
}

/** What captions are like, as rows of a table. */
export function statisticsRows(
  { meanLength, words, distinct, inTrain }: CandidateStatistics,
): [string, string][] {
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    ["words in a caption", meanLength.toFixed(1)],
    ["different words", words.toLocaleString("en")],
    ["distinct captions", share(distinct)],
    ...inTrain === undefined ? [] : [["captions as in train", share(inTrain)] as [string, string]],
  ];
}
