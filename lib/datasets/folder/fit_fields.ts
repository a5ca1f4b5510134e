import type { Columns } from "./columns.ts";

/** The fields of a row, one for each column. */
export interface FittedFields {
  fields: string[];
  /** Whether there were more, as a caption holds the delimiter and no quotation marks. */
  joined: boolean;
}

/**
 * Fits the fields of a row to the columns. What is left over belongs to the caption, where only that
 * can hold it: one column of captions beside the photo, the split and numbers. Columns may be missing
 * at the end that are not needed, such as the fourth and fifth caption.
 *
 * @returns undefined if they do not fit
 */
export function fitFields(
  found: readonly string[],
  names: readonly string[],
  { photo, captions, split }: Columns,
  delimiter: string,
): FittedFields | undefined {
  const width = names.length;
  let length = found.length;
  while (length > width && found[length - 1].trim() === "") length--; // delimiters at the end
  const fields = found.slice(0, length);
  if (length === width) return { fields, joined: false };
  if (length < width) {
    const lost = names.slice(length);
    const needed = lost.some((name) => name === photo || name === split) ||
      captions.every((name) => lost.includes(name));
    return needed ? undefined : { fields, joined: false };
  }
  if (captions.length > 1) return undefined;
  const at = names.indexOf(captions[0]);
  const end = at + 1 + length - width;
  const joined = [
    ...fields.slice(0, at),
    fields.slice(at, end).join(delimiter),
    ...fields.slice(end),
  ];
  const fits = names.every((name, index) =>
    index === at || name === photo || name === split ||
    /^(-?\d+(\.\d+)?)?$/.test(joined[index].trim())
  );
  return fits ? { fields: joined, joined: true } : undefined;
}
