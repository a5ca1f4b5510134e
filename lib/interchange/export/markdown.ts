import { visible } from "../../text/mod.ts";

/** Characters that begin something in Markdown wherever they stand. */
const ANYWHERE = /[\\`*[\]|~$]/g;

/** What begins a heading, a list, a quotation or a line under a heading at the start of a line. */
const AT_START = /^(\s*)([#+=-]|\d+(?=[.)]))/;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * Text from outside within Markdown, shown as it is: no tag, link, picture, code or formula comes of
 * it, and no other line or cell.
 */
export function plainText(text: string): string {
  return visible(text.trim().replace(/\s*[\r\n]+\s*/g, " "))
    .replace(ANYWHERE, (one) => `\\${one}`)
    .replace(/[&<>]/g, (one) => ENTITIES[one])
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (one) => one.replaceAll("_", "\\_"))
    .replace(
      AT_START,
      (_, space, mark) => /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );
}

/** Text from outside as code, also in a cell of a table. */
export function codeSpan(text: string): string {
  // Between backticks nothing can be escaped but a pipe, and that not after a backslash.
  if (text === "" || /`|\\\|/.test(text)) return `<code>${plainText(text)}</code>`;
  return `\`${visible(text).replaceAll("|", "\\|")}\``;
}

/** A table; cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
