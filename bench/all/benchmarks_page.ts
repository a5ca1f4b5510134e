import type { Results } from "./results.ts";
import type { Row } from "./rows.ts";
import { speedsFigure } from "./speeds_figure.ts";
import { resultsMarkdown } from "./table.ts";

const [BEGIN, END] = ["<!-- made by `deno task bench docs`: begin -->", "<!-- end -->"];

/**
 * The page with the results between its two markers.
 *
 * @throws {Error} if it lacks them
 */
export function benchmarksPage(page: string, results: Results, rows: readonly Row[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(`The page lacks its markers: put the lines ${BEGIN} and ${END} into it`);
  }
  const parts = [page.slice(0, begin) + BEGIN, resultsMarkdown(results, rows).trimEnd()];
  if (speedsFigure(results, rows) !== undefined) {
    parts.push("![Speed of training and of encoders](pictures/benchmarks.svg)");
  }
  return [...parts, page.slice(end)].join("\n\n");
}
