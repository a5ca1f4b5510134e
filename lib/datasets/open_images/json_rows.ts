import { basename } from "node:path";
import { readJsonLines } from "../files/json_lines.ts";
import { type CaptionLine, judgeCaption } from "./caption_line.ts";

/**
 * The rows of Localized Narratives' JSON lines (Pont-Tuset et al., 2020), the captions alone or with
 * the traces, a batch at a time: each an object with `image_id` and `caption`.
 */
export async function* readJsonRows(path: string): AsyncGenerator<CaptionLine[]> {
  const name = basename(path);
  for await (const lines of readJsonLines(path)) {
    yield lines.map((found): CaptionLine => {
      const row = `${name}:${found.line}`;
      if ("reason" in found) return { row, reason: found.reason };
      return judgeCaption(row, found.values.image_id, found.values.caption);
    });
  }
}
