import { escapeHtml } from "./html.ts";
import { display } from "./kernel.ts";

/** A frame of polars, or whatever else gives its rows so. */
export interface Frame {
  /** The rows, each by column. */
  toRecords(): Record<string, unknown>[];
}

/** Options of {@linkcode showTable}. */
export interface ShowTableOptions {
  /** Shown above. */
  title?: string;
  /** Which columns, in which order. @default all of the first row */
  columns?: string[];
  /** Rows shown; how many more there are is said below. @default {20} */
  limit?: number;
}

/** Shows rows as a table: numbers to the right, text escaped. */
export async function showTable(
  rows: readonly object[] | Frame,
  { title, columns, limit = 20 }: ShowTableOptions = {},
): Promise<void> {
  // Asked so, since a frame of polars does not answer `"toRecords" in`.
  const records = (Array.isArray(rows) ? rows : (rows as Frame).toRecords()) as Record<
    string,
    unknown
  >[];
  const names = columns ?? Object.keys(records[0] ?? {});
  const head = names.map((name) => `<th style="text-align: left">${escapeHtml(name)}</th>`);
  const body = records.slice(0, limit).map((row) =>
    `<tr>${names.map((name) => cell(row[name])).join("")}</tr>`
  );
  const more = records.length > limit ? `<p>${records.length - limit} more rows</p>` : "";
  const caption = title === undefined ? "" : `<h4>${escapeHtml(title)}</h4>`;
  await display({
    "text/html": `${caption}<table><thead><tr>${head.join("")}</tr></thead>` +
      `<tbody>${body.join("")}</tbody></table>${more}`,
    "text/plain": `${title ?? "Table"}: ${records.length} rows of ${names.join(", ")}`,
  });
}

function cell(value: unknown): string {
  const align = typeof value === "number" || typeof value === "bigint" ? "right" : "left";
  return `<td style="text-align: ${align}">${escapeHtml(cellText(value))}</td>`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value)) {
    return String(Number(value.toPrecision(6)));
  }
  if (typeof value !== "object") return String(value);
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
