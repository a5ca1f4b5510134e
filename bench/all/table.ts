import { wrapIndented } from "../../lib/cli/mod.ts";
import { markdownTable } from "../../lib/text/mod.ts";
import { median } from "../median.ts";
import { isOurs, oursBeside } from "./contestants.ts";
import { medianOf, type Results } from "./results.ts";
import type { Row } from "./rows.ts";

/** As wide as `deno fmt` makes the lines of a page. */
const PAGE_COLUMNS = 100;

/** What a cell without a figure holds. */
const OPEN = "–";

/**
 * The machine in a sentence, and a Markdown table: medians, in brackets how many times as fast ours
 * is, and which share of the machine's matrix rate training reaches.
 */
export function resultsMarkdown(results: Results, rows: readonly Row[]): string {
  return [machineSentence(results), "", ...table(results, rows), ""].join("\n");
}

function machineSentence({ machine, sizes, rows }: Results): string {
  const { processor, cores, memoryGigabytes, library } = machine;
  const dates = Object.values(rows).map(({ date }) => date).sort();
  const on = dates.length > 0 ? `, measured on ${longDate(dates.at(-1)!)}` : "";
  const rounds = sizes.rounds === 1 ? "One round" : `Medians of ${sizes.rounds} rounds`;
  const text = `${cores} cores of ${processor}, ${memoryGigabytes} GB, ${library}${on}. ` +
    `${rounds}, all contestants in turn; in brackets: ours divided by it, in the same arithmetic ` +
    `where ours has that.`;
  return wrapIndented(text, PAGE_COLUMNS);
}

function longDate(date: string): string {
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Date(date).toLocaleDateString("en-GB", options);
}

function table(results: Results, rows: readonly Row[]): string[] {
  const { contestants } = results;
  const share = "of the matrix rate";
  const cells = [["", "", ...contestants, share]];
  for (const row of rows) {
    const figure = (name: string) => medianOf(results, row, name);
    cells.push([
      row.name,
      row.unit,
      ...contestants.map((name) => {
        if (isOurs(name)) return number(figure(name));
        const [beside] = [oursBeside(name, contestants), contestants[0]]
          .map(figure).filter((found) => found !== undefined);
        return withRatio(figure(name), beside);
      }),
      percent(sharesOf(results, row)),
    ]);
  }
  return markdownTable(cells);
}

/** Ours, round by round. */
function sharesOf({ rows, contestants: [ours] }: Results, { name }: Row): number[] {
  const lines = rows[name]?.lines[ours] ?? [];
  return lines.map((line) => line.shareOfMatrixRate).filter((share) => typeof share === "number");
}

function percent(shares: number[]): string {
  return shares.length === 0 ? OPEN : `${Math.round(100 * median(shares))} %`;
}

function withRatio(figure: number | undefined, ours: number | undefined): string {
  if (figure === undefined || ours === undefined) return number(figure);
  return `${number(figure)} (${ratio(ours / figure)})`;
}

/** Three digits, or all before the point. */
function number(figure: number | undefined): string {
  if (figure === undefined) return OPEN;
  const digits = figure < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 };
  return figure.toLocaleString("en", digits);
}

function ratio(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
