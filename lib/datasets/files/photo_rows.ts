const PHOTO_FILE = /\.(jpe?g|jfif|png|webp|gif|bmp|tiff?)(#\d+)?$/i;

/** Whether a field names a photo: one on the disk, or by its extension. */
export function namesPhoto(field: string, isPhoto: (name: string) => boolean): boolean {
  const name = field.trim().replace(/^"|"$/g, "");
  return name !== "" && (PHOTO_FILE.test(name) || isPhoto(name));
}

/** Where a table has its photos. */
export interface PhotoColumn {
  /** Position of the column, from 0 on. */
  at: number;
  /** Number of columns. */
  width: number;
  delimiter: string;
}

/**
 * Recognises a line as a row by the photo in it, counted from the left or, as a caption may hold
 * delimiters, from the right; fields need not be complete.
 *
 * @param isPhoto whether a field names a photo
 */
export function hasPhoto(
  { at, width, delimiter }: PhotoColumn,
  isPhoto: (field: string) => boolean,
): (line: string) => boolean {
  return (line) => {
    const fields = line.split(delimiter);
    return at < fields.length && isPhoto(fields[at]) ||
      fields.length >= width && isPhoto(fields[fields.length - width + at]);
  };
}

/** What a name is like: `img_0012` is `a_0`; undefined without a number, as any word is like any other. */
export function formOf(name: string): string | undefined {
  const text = name.trim().replace(/^"|"$/g, "");
  return /\d/.test(text) ? text.replace(/\d+/g, "0").replace(/\p{L}+/gu, "a") : undefined;
}
