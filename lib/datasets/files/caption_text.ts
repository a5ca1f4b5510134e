/** A caption as one line, without white space at its ends. */
export function oneLine(caption: string): string {
  return caption.replace(/\s*[\r\n]+\s*/g, " ").trim();
}

/**
 * The captions in a JSON value: a string, an object with a string as raw, caption, sentence or text,
 * or a list of these; undefined for anything else.
 */
export function captionsIn(value: unknown): string[] | undefined {
  if (typeof value === "string") return [oneLine(value)];
  if (Array.isArray(value)) {
    const lists = value.map(captionsIn);
    return lists.includes(undefined) ? undefined : lists.flat() as string[];
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { raw, caption, sentence, text } = value as Record<string, unknown>;
  const found = [raw, caption, sentence, text].find((one) => typeof one === "string");
  return found === undefined ? undefined : [oneLine(found as string)];
}

/** The captions in a field of a CSV file: its text, or the strings of a JSON list in it. */
export function captionsInField(field: string): string[] {
  if (/^\s*\[\s*"/.test(field)) {
    try {
      const captions = captionsIn(JSON.parse(field));
      if (captions !== undefined) return captions;
    } catch {
      // A caption may begin like a list.
    }
  }
  return [oneLine(field)];
}
