import type { Figure } from "../plots/mod.ts";
import { visible } from "../text/mod.ts";

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * The figure as Plotly shows it word for word: it reads tags such as `<b>` and `<a>` in titles, names
 * and labels, which may be words of captions. Templates keep theirs.
 */
export function plotlyFigure({ data, layout }: Figure): Figure {
  return escaped({ data, layout }) as Figure;
}

function escaped(value: unknown): unknown {
  if (typeof value === "string") return visible(value).replace(/[&<>]/g, (one) => ENTITIES[one]);
  if (Array.isArray(value)) return value.map(escaped);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key.endsWith("template") ? inner : escaped(inner),
    ]),
  );
}
