import { visible } from "../text/mod.ts";
import { printLine } from "./print_line.ts";
import { terminalColumns } from "./terminal_columns.ts";

/** How a table is laid out. */
export interface TableOptions {
  /** Names of the columns. */
  heading?: readonly string[];
  /** Names of columns that are left out, first things first, where the terminal is too narrow. */
  optional?: readonly string[];
  /** Columns to fit in. @default {the terminal's; without a terminal any number} */
  columns?: number;
}

/** A text that is a number: a score, a difference, a missing value. */
const NUMBER = /^([+-]?[\d,]+(\.\d+)?|–|)$/;

/** No cell is cut to less. */
const NARROWEST = 8;

/**
 * A table on standard output.
 *
 * Columns of numbers alone are aligned to the right. With a heading the table is as wide as the
 * terminal at most: the longest cells are cut in their middle, but never those of the first column.
 * Numbers are rounded for people; a missing value is a dash.
 */
export function printTable(
  rows: readonly (readonly (string | number | undefined)[])[],
  { heading, optional = [], columns = terminalColumns() }: TableOptions = {},
): void {
  const shown = rows.map((row) => row.map(cellText));
  let lines = heading === undefined ? shown : [heading.map(visible), ...shown];
  const left: string[] = [];
  for (const name of optional) {
    const at = lines[0].indexOf(name);
    if (at < 0 || widthOf(widths(lines)) <= columns) continue;
    left.push(name);
    lines = lines.map((line) => line.filter((_, i) => i !== at));
  }
  const fitting = heading === undefined ? widths(lines) : fit(widths(lines), columns);
  const body = heading === undefined ? lines : lines.slice(1);
  const isRight = fitting.map((_, i) =>
    body.length > 0 && body.every((line) => NUMBER.test(line[i]))
  );
  for (const line of lines) {
    const cells = line.map((cell, i) => {
      const text = cut(cell, fitting[i]);
      return isRight[i] ? text.padStart(fitting[i]) : text.padEnd(fitting[i]);
    });
    printLine(cells.join("  ").trimEnd());
  }
  if (left.length > 0) {
    printLine(`(A wider terminal shows ${left.join(", ")} too; --json has everything.)`);
  }
}

function widths(lines: readonly string[][]): number[] {
  return (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i].length)));
}

function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 2, -2);
}

/** Takes from the widest column but the first until all fit. */
function fit([first, ...wanted]: readonly number[], columns: number): number[] {
  const fitting = [...wanted];
  while (widthOf([first, ...fitting]) > columns) {
    const widest = Math.max(...fitting);
    if (widest <= NARROWEST) break;
    fitting[fitting.lastIndexOf(widest)]--;
  }
  return [first, ...fitting];
}

/** Both ends of a text tell most: `flickr8k…_beam5`. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

/** Scores and losses have four decimals; from 10 on a number is read by its first digits. */
function cellText(value: string | number | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "string") return visible(value);
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  if (size < 10) return value.toFixed(4);
  return size < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}
