/** A line of the table. */
export interface CsvCaption {
  photo: string;
  caption: string;
  /** Whether the user wrote it. */
  edited: boolean;
  model: string;
  logProbability: number;
}

const COLUMNS = ["photo", "caption", "edited", "model", "logProbability"] as const;

/**
 * Captions as CSV (RFC 4180) in UTF-8. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front, as OWASP advises.
 */
export function captionsCsv(captions: readonly CsvCaption[]): string {
  const lines = captions.map((caption) => COLUMNS.map((column) => cell(caption[column])).join(","));
  // The mark at the start tells spreadsheets that it is UTF-8.
  return `\ufeff${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
