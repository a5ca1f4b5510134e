/** An id with what the file has for it. */
export interface CaptionEntry {
  /** A photo. */
  id: string;
  /** A caption, a list of captions, or something else. */
  found: unknown;
  /** What the file has, as text. */
  shown: string;
}

/**
 * The captions of a list: COCO's entries, each with its photo's `image_id`, or those that the task
 * `caption` writes, with `photo`; or plain captions, whose ids are their positions from 1.
 *
 * @throws {SyntaxError} naming the file and the entry of photo and caption that lacks one
 */
export function listedCaptions(list: readonly unknown[], file: string): CaptionEntry[] {
  const hasPhotos = list.some((entry) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
  );
  if (!hasPhotos) {
    return list.map((found, i) => ({ id: `${i + 1}`, found, shown: JSON.stringify(found) }));
  }
  const byPhoto = new Map<string, string[]>();
  for (const [i, entry] of list.entries()) {
    const { image_id, photo = image_id, caption } = (entry ?? {}) as Record<string, unknown>;
    if (typeof caption !== "string" || !["string", "number"].includes(typeof photo)) {
      throw new SyntaxError(
        `${file}: expected {"image_id": …, "caption": "…"} as entry ${
          i + 1
        } of COCO's list, found ` +
          JSON.stringify(entry).slice(0, 80),
      );
    }
    const id = String(photo);
    const known = byPhoto.get(id);
    if (known === undefined) byPhoto.set(id, [caption]);
    else known.push(caption);
  }
  return [...byPhoto].map(([id, found]) => ({ id, found, shown: JSON.stringify(found) }));
}
