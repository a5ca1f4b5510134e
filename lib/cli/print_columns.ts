import { figure } from "./print_table.ts";

/** A table with a heading on standard output; numbers are aligned to the right. */
export function printColumns(
  heading: string[],
  rows: (string | number | undefined)[][],
): void {
  const shown = rows.map((row) =>
    row.map((value) =>
      value === undefined ? "–" : typeof value === "number" ? figure(value) : value
    )
  );
  const isNumber = heading.map((_, i) =>
    rows.every((row) => typeof row[i] !== "string") && rows.length > 0
  );
  const widths = heading.map((name, i) =>
    Math.max(name.length, ...shown.map((row) => row[i].length))
  );
  for (const row of [heading, ...shown]) {
    const line = row.map((value, i) =>
      isNumber[i] ? value.padStart(widths[i]) : value.padEnd(widths[i])
    );
    console.log(line.join("  ").trimEnd());
  }
}
