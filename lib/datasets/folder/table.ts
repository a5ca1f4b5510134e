import type { Columns, FoundColumns, NamedColumns } from "./columns.ts";

/** What a file of photos and captions has to be, in words. */
export const WHAT = "a list of photos and captions";

/** A row of a table, or why it cannot be read. */
export type TableRecord =
  & {
    /** Where, such as `captions.csv:12`. */
    row: string;
  }
  & ({ values: { [column: string]: unknown } } | { reason: string });

/** A file of photos and captions whose format is known. */
export interface Table extends Omit<FoundColumns, "photosIn"> {
  /** In words. */
  format: string;
  /** The columns, where they are known without names. */
  columns?: Columns;
  /** The first rows, which show what is in a column. */
  sample: readonly { [column: string]: unknown }[];
  /** All rows. */
  records(columns: Columns): AsyncIterable<TableRecord> | Iterable<TableRecord>;
  /** What was found while reading them, in sentences. */
  notes(): string[];
}

/** How a table is read. */
export interface ReadTableOptions {
  /** The columns that the settings name; undefined where no settings can. */
  named?: NamedColumns;
  /** Whether a photo of that name is known, by its file on the disk perhaps. */
  isPhoto(name: string): boolean;
  /** Whether splits are read; shares of the photos take their place. */
  splits: boolean;
}

/** The caption's number after its photo's name, as Flickr's token files have it. */
const CAPTION_NUMBER = /(\.\w{3,4})#\d+$/;

/** The name of a photo in a row, if there is one: a text, a number, or an object with its path. */
export function photoIn(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") {
    const name = value.trim().replace(CAPTION_NUMBER, "$1");
    return name === "" ? undefined : name;
  }
  if (typeof value !== "object" || value === null || !("path" in value)) return undefined;
  return typeof value.path === "string" ? photoIn(value.path) : undefined; // Hugging Face's images
}

/** A value of a column of words as text; "" for anything else. */
export function wordIn(value: unknown): string {
  return ["string", "number", "bigint", "boolean"].includes(typeof value)
    ? String(value).trim()
    : "";
}
