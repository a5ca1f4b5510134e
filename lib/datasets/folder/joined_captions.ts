/** What no caption holds as text, and so may separate several. */
const SEPARATORS = ["|", "||", "|||", "###", "<sep>", "<SEP>", "[SEP]", "<br>", "<br/>", "<br />"];

/** The share of captions that hold a separator: a photo here and there may have one caption. */
const NEARLY_ALL = 0.9;

/** Captions of a photo, column by column. */
interface Row {
  columns: { captions: string[]; list: boolean }[];
}

/**
 * Where nearly all captions of a table are several with the same sign between them, such as "A dog |
 * A puppy", takes each for itself.
 *
 * @returns a sentence that says so, if it is so
 */
export function separateCaptions(rows: readonly (Row | object)[]): string | undefined {
  const columns = rows.flatMap((row) => "columns" in row ? row.columns : []);
  const texts = columns.flatMap(({ captions, list }) => list ? [] : captions);
  if (texts.length < 2) return undefined;
  for (const separator of SEPARATORS) {
    const several = texts.filter((text) => partsOf(text, separator).length > 1);
    if (several.length < NEARLY_ALL * texts.length) continue;
    for (const column of columns) {
      if (!column.list) {
        column.captions = column.captions.flatMap((text) => partsOf(text, separator));
      }
    }
    const [first, second] = partsOf(several[0], separator);
    const count = several.length === texts.length ? "All" : `${several.length} of`;
    return `${count} ${texts.length} texts hold ${JSON.stringify(separator)}, such as ` +
      `${JSON.stringify(`${first} ${separator} ${second}`)}: each part is a caption`;
  }
  return undefined;
}

function partsOf(text: string, separator: string): string[] {
  const parts = text.split(separator).map((part) => part.trim());
  // "||" is not two of "|".
  return parts.slice(1, -1).includes("") ? [text] : parts.filter((part) => part !== "");
}
