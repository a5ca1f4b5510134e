import type { RejectedRow } from "./dataset_source.ts";

/** How many rows were rejected for each reason, the most frequent first. */
export function countReasons(rejected: readonly RejectedRow[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** Reasons that are told. */
const MOST = 8;

/** Rejections and their reasons in one line, for the screen. */
export function describeRejections(rejected: readonly RejectedRow[]): string {
  if (rejected.length === 0) return "0 rows rejected";
  const counts = Object.entries(countReasons(rejected));
  const reasons = counts.slice(0, MOST)
    .map(([reason, count]) => `${reason} (${count.toLocaleString("en")})`);
  const others = counts.slice(MOST).reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) reasons.push(`others (${others.toLocaleString("en")})`);
  return `${rejected.length.toLocaleString("en")} ${
    rejected.length === 1 ? "row" : "rows"
  } rejected: ${reasons.join(", ")}`;
}

/**
 * How many rows may be rejected.
 *
 * @param rows that were read, rejected or not
 * @param maxRejected a fraction of all rows if below 1, otherwise a number of rows
 */
export function allowedRejections(rows: number, maxRejected: number): number {
  return maxRejected < 1 ? Math.floor(maxRejected * rows) : maxRejected;
}

/**
 * Checks that no more rows were rejected than the settings allow.
 *
 * @param rows that were read, rejected or not
 * @param maxRejected a fraction of all rows if below 1, otherwise a number of rows
 * @throws {Error} counting the reasons, if more were rejected
 */
export function checkRejections(
  rejected: readonly RejectedRow[],
  rows: number,
  maxRejected: number,
): void {
  const allowed = allowedRejections(rows, maxRejected);
  if (rejected.length <= allowed) return;
  throw new Error(
    `${describeRejections(rejected)}; at most ${allowed.toLocaleString("en")} of ` +
      `${
        rows.toLocaleString("en")
      } rows may be (dataset.maxRejected is ${maxRejected}), the first ` +
      `is ${rejected[0].row}: ${remedyFor(rejected, "fix the data")}, or raise dataset.maxRejected`,
  );
}

/**
 * What is to be done about the most frequent reason.
 *
 * @param otherwise what is to be done about one that tells nothing
 */
export function remedyFor(rejected: readonly RejectedRow[], otherwise: string): string {
  const [reason] = Object.keys(countReasons(rejected));
  if (reason === "not UTF-8") return "save the file as UTF-8";
  if (reason.startsWith("unknown split")) {
    return "correct the column of splits, or set dataset.split to shares of train, dev and test";
  }
  if (reason.startsWith("malformed, more fields")) {
    return "put quotation marks around fields that hold the delimiter";
  }
  if (reason.startsWith("malformed, fewer fields")) {
    return "give each row as many fields as the header has";
  }
  return otherwise;
}
