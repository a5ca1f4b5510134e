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
