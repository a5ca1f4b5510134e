import type { PairedDifference } from "../metrics/mod.ts";
import { markdownTable } from "../text/mod.ts";
import type { MeanAndSpread, Summary } from "./summarize.ts";

/** What a line of the table scores over the first. */
export interface ComparedSummary {
  /** The config's name, or those of an ensemble. */
  config: string;
  /** By name: `bleu-1`, …; mean over seeds minus mean over seeds. */
  scores: Record<string, PairedDifference>;
}

/**
 * A table in Markdown: a line for each config with the mean and, over several seeds, the standard
 * deviation of each score.
 *
 * @param about sentences below it: photos, machine, command
 */
export function resultsTable(summaries: readonly Summary[], about: readonly string[]): string {
  const names = [...new Set(summaries.flatMap(({ scores }) => Object.keys(scores)))];
  const cells = [
    ["config", "seeds", "parameters", "minutes", ...names],
    ...summaries.map(({ config, seeds, parameters, seconds, scores }) => [
      `\`${config}\``,
      seeds.join(", "),
      `${(parameters / 1e6).toFixed(1)} M`,
      (seconds.mean / 60).toFixed(1),
      ...names.map((name) => scoreText(scores[name])),
    ]),
  ];
  return [...markdownTable(cells), "", ...about, ""].join("\n");
}

/**
 * A table in Markdown of what configs score over the first: the difference of the means over seeds,
 * in brackets its interval by the paired bootstrap over photos, and p.
 *
 * @param first name of what they are compared with
 */
export function differencesTable(first: string, compared: readonly ComparedSummary[]): string {
  const names = [...new Set(compared.flatMap(({ scores }) => Object.keys(scores)))];
  const cells = [
    [`against \`${first}\``, ...names],
    ...compared.map(({ config, scores }) => [
      `\`${config}\``,
      ...names.map((name) => differenceText(scores[name])),
    ]),
  ];
  return markdownTable(cells).join("\n");
}

/** `+0.0312 [0.0123, 0.0498], p 0.001` */
export function differenceText(test: PairedDifference | undefined): string {
  if (test === undefined) return "–";
  const { difference, low, high, p } = test;
  const sign = difference < 0 ? "" : "+";
  const interval = `[${low.toFixed(4)}, ${high.toFixed(4)}]`;
  return `${sign}${difference.toFixed(4)} ${interval}, p ${p.toFixed(3)}`;
}

function scoreText(score: MeanAndSpread | undefined): string {
  if (score === undefined) return "–";
  const { mean, spread } = score;
  return spread === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${spread.toFixed(4)}`;
}
