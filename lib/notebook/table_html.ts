import { counted } from "../text/mod.ts";
import { escapeHtml } from "./html.ts";
import { picture } from "./picture.ts";

/** Values by column. */
export type Row = Record<string, unknown>;

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

/** A text that is a number: a score, a share. */
const NUMBER = /^([+−-]?[\d,]+(\.\d+)?|)$/;

/** Characters up to which a cell stays on one line. */
const SHORT = 16;

/**
 * Rows as a table. Columns of numbers alone are aligned to the right, their whole numbers with
 * commas between thousands; other columns to the left.
 */
export async function tableHtml(rows: readonly Row[], options: ShowTableOptions): Promise<string> {
  const { title, columns = Object.keys(rows[0] ?? {}), limit = 20, photos = {} } = options;
  const shown = rows.slice(0, limit);
  const right = new Set(columns.filter((name) => shown.every((row) => isNumber(row[name]))));
  const head = await Promise.all(columns.map(async (name) => {
    const photo = name in photos ? await picture(photos[name], { size: 160, alt: name }) : "";
    const above = photo && `<div style="width: 160px">${photo}</div>`;
    const style = `text-align: ${side(right.has(name))}; vertical-align: bottom`;
    return `<th style="${style}">${above}${escapeHtml(name)}</th>`;
  }));
  const body = shown.map((row) =>
    `<tr>${columns.map((name) => cell(row[name], right.has(name))).join("")}</tr>`
  );
  const more = rows.length > limit ? `<p>${counted(rows.length - limit, "more row")}</p>` : "";
  const caption = title === undefined ? "" : `<h4>${escapeHtml(title)}</h4>`;
  return `${caption}<table><thead><tr>${head.join("")}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table>${more}`;
}

function cell(value: unknown, isRight: boolean): string {
  const isWhole = typeof value === "bigint" || Number.isInteger(value);
  const text = isRight && isWhole ? (value as number).toLocaleString("en") : cellText(value);
  const style = [
    `text-align: ${side(isRight)}`,
    ...isRight ? ["font-variant-numeric: tabular-nums"] : [],
    ...text.length <= SHORT ? ["white-space: nowrap"] : [], // long ones beside it would squeeze it
  ];
  return `<td style="${style.join("; ")}">${escapeHtml(text)}</td>`;
}

function side(isRight: boolean): string {
  return isRight ? "right" : "left";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || NUMBER.test(cellText(value));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value)) {
    return String(Number(value.toPrecision(6)));
  }
  if (typeof value !== "object") return String(value);
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
