import type { CandidateStatistics, Interval, PairedDifference, Scores } from "../metrics/mod.ts";
import { scoreRows, statisticsRows } from "./evaluation_rows.ts";
import { printLine } from "./print_line.ts";
import { printTable } from "./print_table.ts";

/** What `deno task score` found. */
export interface ScoreResult {
  /** What the scores depend on. */
  signature: string;
  /** Of the candidates as one corpus. */
  scores: Scores;
  /** Where they may lie. */
  intervals?: Record<string, Interval>;
  /** What the candidates are like. */
  statistics: CandidateStatistics;
  /** Of other captions of the same photos. */
  compared?: { scores: Scores; differences: Record<string, PairedDifference> };
  /** Of each photo alone. */
  photos?: Record<string, Scores>;
}

/** Prints it as tables. */
export function printScores(
  { signature, scores, intervals, statistics, compared, photos }: ScoreResult,
): void {
  if (photos !== undefined) {
    const rows = Object.entries(photos).map(([id, each]) => [id, ...Object.values(each)]);
    const four = (value: string | number) => typeof value === "number" ? value.toFixed(4) : value;
    printTable(rows.map((row) => row.map(four)), { heading: ["photo", ...Object.keys(scores)] });
    printLine();
  }
  printTable([...scoreRows(scores, intervals), ...statisticsRows(statistics)]);
  if (compared !== undefined) {
    printLine();
    printTable(
      Object.entries(compared.differences).map(([name, { difference, low, high, p }]) => [
        name,
        scores[name].toFixed(4),
        compared.scores[name].toFixed(4),
        signed(difference),
        `${signed(low)} to ${signed(high)}`,
        p.toFixed(3),
      ]),
      { heading: ["score", "candidates", "compared", "difference", "95 % interval", "p"] },
    );
    printLine("p: paired bootstrap test, two-sided, 1,000 resamples of the photos");
  }
  printLine(signature);
}

/** With four decimals and its sign. */
function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
}
