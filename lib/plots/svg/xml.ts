import { visibleLines } from "../../text/mod.ts";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Those that XML allows no document to hold, escaped or not, beside control characters. */
const FORBIDDEN = /[\ufffe\uffff]/g;

/** Text escaped for XML, in elements and in quoted attributes, its control characters shown. */
export function escapeXml(text: string): string {
  return visibleLines(text).replace(FORBIDDEN, "\ufffd").replace(/[&<>"]/g, (c) => ENTITIES[c]);
}

/** Values of attributes by name; undefined ones are left out, numbers rounded to a tenth. */
export type Attributes = Record<string, string | number | undefined>;

/** An element as text. @param content already XML */
export function element(name: string, attributes: Attributes, ...content: string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [` ${key}="${typeof value === "number" ? tenth(value) : escapeXml(value)}"`];
  }).join("");
  return content.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${content.join("")}</${name}>`;
}

/** A text element. */
export function text(content: string, attributes: Attributes): string {
  return element("text", attributes, escapeXml(content));
}

/** About how wide a text is in a sans-serif font, in pixels. */
export function textWidth(content: string, size: number): number {
  return [...content].length * size * 0.56;
}

/** A coordinate, exact enough for a screen. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
