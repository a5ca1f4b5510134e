import { basename } from "node:path";
import { type CaptionLine, judgeCaption } from "./caption_line.ts";
import { readTextLines } from "./text_lines.ts";

/** A narrative with its traces takes some 100 kB; whatever is longer than this is none. */
const LONGEST = 32 << 20;

/**
 * The rows of Localized Narratives' JSON lines (Pont-Tuset et al., 2020), the captions alone or with
 * the traces, a batch at a time: each an object with `image_id` and `caption`.
 */
export async function* readJsonLines(path: string): AsyncGenerator<CaptionLine[]> {
  const name = basename(path);
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  for await (const lines of readTextLines(path, LONGEST)) {
    yield lines.map(({ number, bytes }): CaptionLine => {
      const row = `${name}:${number}`;
      if (bytes === undefined) return { row, reason: `longer than ${LONGEST >> 20} MiB` };
      let text: string;
      try {
        text = utf8.decode(bytes);
      } catch {
        return { row, reason: "not UTF-8" };
      }
      let value: { image_id?: unknown; caption?: unknown } | null;
      try {
        value = JSON.parse(text);
      } catch {
        return { row, reason: "malformed, not JSON" };
      }
      if (typeof value !== "object" || value === null) {
        return { row, reason: "malformed, no JSON object" };
      }
      return judgeCaption(row, value.image_id, value.caption);
    });
  }
}
