import type { RunComparison } from "../run/mod.ts";
import { printLine } from "./print_line.ts";
import { printTable } from "./print_table.ts";

/** A run beside the first one. */
export interface ComparedRun extends RunComparison {
  /** Its name. */
  b: string;
}

/** Figures of a comparison, as tables call them. */
const LABELS: Record<string, string> = {
  bestEpoch: "best epoch",
  wordsPerSecond: "words/s in training",
};

/** Prints runs side by side: figures, each with what it gains over the first run, then settings. */
export function printComparisons(a: string, others: readonly ComparedRun[]): void {
  printFigures(a, others);
  for (const warning of new Set(others.flatMap(({ warnings }) => warnings))) {
    printLine(`Warning: ${warning}`);
  }
  printLine();
  printSettings(a, others);
}

function printFigures(a: string, others: readonly ComparedRun[]): void {
  const isTested = others.some(({ figures }) => figures.some(({ test }) => test !== undefined));
  const names = [...new Set(others.flatMap(({ figures }) => figures.map(({ figure }) => figure)))];
  printTable(
    names.map((name) => {
      const isScore = name.includes(" ");
      const text = (value?: number) => isScore ? value?.toFixed(4) : value;
      const found = others.map(({ figures }) => figures.find(({ figure }) => figure === name));
      return [
        LABELS[name] ?? name,
        text(found.find((each) => each?.before !== undefined)?.before),
        ...found.flatMap((each) => [
          text(each?.after),
          isScore ? gain(each?.before, each?.after) : "",
          ...isTested ? [each?.test?.p.toFixed(3) ?? ""] : [],
        ]),
      ];
    }),
    {
      heading: ["figure", a, ...others.flatMap(({ b }) => [b, "gain", ...isTested ? ["p"] : []])],
    },
  );
  if (isTested) {
    printLine("p: how likely chance alone makes such a gain (paired bootstrap over photos)");
  }
}

/** What the second run's score has over the first's. */
function gain(before?: number, after?: number): string {
  if (before === undefined || after === undefined) return "";
  const difference = (after - before).toFixed(4);
  return Number(difference) > 0 ? `+${difference}` : difference.replace(/^-(0\.0+)$/, "$1");
}

function printSettings(a: string, others: readonly ComparedRun[]): void {
  const first = new Map(
    others.flatMap(({ config }) => config.map(({ key, before }) => [key, before] as const)),
  );
  if (first.size === 0) return printLine("Their configs are the same.");
  const text = (value: unknown) => value === undefined ? "–" : JSON.stringify(value);
  printTable(
    [...first].map(([key, before]) => [
      key,
      text(before),
      ...others.map(({ config }) => {
        const differing = config.find((each) => each.key === key);
        return text(differing === undefined ? before : differing.after);
      }),
    ]),
    { heading: ["setting", a, ...others.map(({ b }) => b)] },
  );
}
