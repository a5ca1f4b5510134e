import { escapeHtml } from "./html.ts";
import { display } from "./kernel.ts";
import { picture } from "./picture.ts";

/** A polars data frame, or anything else with its rows as records. */
export interface Frame {
  /** The rows, each with values by column. */
  toRecords(): Record<string, unknown>[];
}

/** Options of {@linkcode showTable}. */
export interface ShowTableOptions {
  /** Shown above. */
  title?: string;
  /** Which columns, in which order. @default {those of the first row} */
  columns?: string[];
  /** Rows shown; the number of further ones is shown below. @default {20} */
  limit?: number;
  /** Paths of photos by column: each is shown above its column's name. */
  photos?: Record<string, string>;
}

/** Shows rows as a table, numbers aligned to the right. */
export async function showTable(
  rows: readonly object[] | Frame,
  { title, columns, limit = 20, photos = {} }: ShowTableOptions = {},
): Promise<void> {
  // Tested so, since `"toRecords" in rows` is false for a polars data frame.
  const records = (Array.isArray(rows) ? rows : (rows as Frame).toRecords()) as Record<
    string,
    unknown
  >[];
  const names = columns ?? Object.keys(records[0] ?? {});
  const head = await Promise.all(names.map(async (name) => {
    const photo = name in photos ? await picture(photos[name], { size: 160, alt: name }) : "";
    const above = photo && `<div style="width: 160px">${photo}</div>`;
    return `<th style="text-align: left; vertical-align: bottom">${above}${escapeHtml(name)}</th>`;
  }));
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
