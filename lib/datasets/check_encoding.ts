import type { FoundDataset } from "./found_dataset.ts";

/**
 * Checks that a source's own files are not of another encoding, such as Windows-1252. Then several
 * rows are not UTF-8, and of the others none holds any letter beyond ASCII; a single row, or one among
 * such letters, is damaged instead, and only rejected.
 *
 * @throws {Error} naming the first such row and what to do
 */
export function checkEncoding({ path, rows }: Pick<FoundDataset, "path" | "rows">): void {
  const broken = rows.filter((row) => "reason" in row && row.reason === "not UTF-8");
  const isOther = broken.length > 1 &&
    !rows.some((row) => "caption" in row && /[\u0080-\uffff]/.test(row.photo + row.caption));
  if (!isOther) return;
  throw new Error(
    `${path} is not UTF-8 in ${broken.length.toLocaleString("en")} rows, first in ` +
      `${broken[0].row}, but of another encoding such as Windows-1252: save it as UTF-8`,
  );
}

/** What UTF-8 looks like that was read as Windows-1252: "Ã©" for "é", "â€™" for "’". */
const READ_WRONG = /[ÂÃ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€/;

/** Letters as HTML writes them: "&amp;", "&#39;", "&eacute;". */
const HTML =
  /&(?:amp|quot|apos|lt|gt|nbsp|[lr][sd]quo|[nm]dash|hellip|[a-z](?:acute|grave|uml|circ|tilde|cedil|ring|caron)|szlig|aelig|oelig|oslash|deg|euro|bull|middot|times|[lr]aquo|copy|reg|trade|#\d{1,7}|#x[\da-f]{1,6});/i;

/**
 * Letters that an earlier conversion of the captions has damaged or written in another way, in sentences;
 * they stay as they are.
 */
export function describeDamage({ path, rows }: Pick<FoundDataset, "path" | "rows">): string[] {
  const note = (pattern: RegExp, are: string, remedy = AGAIN) => {
    const damaged = rows.flatMap((row) =>
      "caption" in row && pattern.test(row.caption) ? [row.caption] : []
    );
    if (damaged.length === 0) return [];
    const captions = damaged.length === 1
      ? "1 caption"
      : `${damaged.length.toLocaleString("en")} captions`;
    const example = damaged[0].split(/\s+/).find((word) => pattern.test(word)) ?? damaged[0];
    return [`${path}: ${captions} with ${are}, such as "${example.slice(0, 40)}": ${remedy}`];
  };
  return [
    ...note(/\ufffd/, "the sign U+FFFD for letters that an earlier conversion has lost"),
    ...note(READ_WRONG, "letters that look like UTF-8 read as Windows-1252"),
    ...note(HTML, "letters as HTML writes them", DECODE),
  ];
}

const AGAIN = "export them again from where they are right";

const DECODE =
  "they are kept as they are and become words; to have the letters instead, decode the " +
  "captions in the file (Python's html.unescape)";
