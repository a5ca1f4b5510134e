/**
 * A table on standard output.
 *
 * With a heading, columns of numbers alone are aligned to the right; without one, every column but
 * the first. Whole numbers have commas, others four decimals; a missing value is a dash.
 */
export function printTable(
  rows: readonly (readonly (string | number | undefined)[])[],
  heading?: readonly string[],
): void {
  const shown = rows.map((row) => row.map(cellText));
  const lines = heading === undefined ? shown : [heading, ...shown];
  const columns = (lines[0] ?? []).map((_, i) => ({
    width: Math.max(...lines.map((line) => line[i].length)),
    isRight: heading === undefined
      ? i > 0
      : rows.length > 0 && rows.every((row) => typeof row[i] !== "string"),
  }));
  for (const line of lines) {
    const cells = columns.map(({ width, isRight }, i) =>
      isRight ? line[i].padStart(width) : line[i].padEnd(width)
    );
    console.log(cells.join("  ").trimEnd());
  }
}

function cellText(value: string | number | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(4);
}
