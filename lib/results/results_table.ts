import type { MeanAndSpread, Summary } from "./summarize.ts";

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
  const widths = cells[0].map((_, i) => Math.max(3, ...cells.map((line) => line[i].length)));
  const line = (texts: string[]) =>
    `| ${texts.map((text, i) => text.padEnd(widths[i])).join(" | ")} |`;
  const [head, ...body] = cells;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(head), rule, ...body.map(line), "", ...about, ""].join("\n");
}

function scoreText(score: MeanAndSpread | undefined): string {
  if (score === undefined) return "–";
  const { mean, spread } = score;
  return spread === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${spread.toFixed(4)}`;
}
