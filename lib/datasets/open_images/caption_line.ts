import { oneLine } from "../files/caption_text.ts";
import type { RejectedRow } from "../dataset_source.ts";

/** A caption and the Open Images id of its photo. */
export interface IdCaption {
  /** Where, such as `captions.jsonl:12`. */
  row: string;
  id: string;
  /** One line, without white space at its ends. */
  caption: string;
}

/** One row of a captions file, or why it cannot be used. */
export type CaptionLine = IdCaption | RejectedRow;

/**
 * Checks the values of image_id and caption. Ids become file names and parts of addresses, so nothing
 * else passes; only in lower case, as some file systems ignore case.
 */
export function judgeCaption(row: string, id: unknown, caption: unknown): CaptionLine {
  if (typeof id !== "string" || id === "") return { row, reason: "no image_id" };
  if (!/^[0-9a-f]{16}$/.test(id)) {
    return { row, reason: "malformed, image_id is not 16 hexadecimal digits" };
  }
  if (typeof caption !== "string") return { row, reason: "no caption" };
  if (caption.includes("\ufffd")) return { row, reason: "not UTF-8" };
  const text = oneLine(caption);
  return text === "" ? { row, reason: "empty caption" } : { row, id, caption: text };
}
