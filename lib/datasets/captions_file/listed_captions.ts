/** An id with what the file has for it. */
export interface CaptionEntry {
  /** A photo. */
  id: string;
  /** A caption, a list of captions, or something else. */
  found: unknown;
  /** What the file has, as text. */
  shown: string;
}

/** Captions by photo, in the order in which photos first come. */
export function entriesByPhoto(
  rows: readonly { photo: string; caption: string }[],
): CaptionEntry[] {
  return [...Map.groupBy(rows, ({ photo }) => photo)].map(([id, rows]) => {
    const found = rows.map(({ caption }) => caption);
    return { id, found, shown: JSON.stringify(found) };
  });
}

/**
 * The captions of a list: COCO's entries, each with its photo's `image_id`, or plain captions, whose
 * ids are their positions from 1.
 *
 * @throws {SyntaxError} naming the file and the entry of COCO that lacks something
 */
export function listedCaptions(list: readonly unknown[], file: string): CaptionEntry[] {
  const isCoco = list.some((entry) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
  );
  if (!isCoco) {
    return list.map((found, i) => ({ id: `${i + 1}`, found, shown: JSON.stringify(found) }));
  }
  return entriesByPhoto(list.map((entry, i) => {
    const { image_id: photo, caption } = (entry ?? {}) as Record<string, unknown>;
    if (typeof caption !== "string" || !["string", "number"].includes(typeof photo)) {
      throw new SyntaxError(
        `${file}: expected {"image_id": …, "caption": "…"} as entry ${
          i + 1
        } of COCO's list, found ` +
          JSON.stringify(entry).slice(0, 80),
      );
    }
    return { photo: String(photo), caption };
  }));
}
