import { formOf, namesPhoto } from "../files/photo_rows.ts";
import { splitOf } from "../splits.ts";
import type { Columns } from "./columns.ts";

/** A table without a header: what its columns are called here, and which are which if that is plain. */
export interface NoHeader {
  names: string[];
  columns?: Columns;
  /** Whether a photo's name ends like one, which numbers do not. */
  sure: boolean;
}

/**
 * Judges a table that may have no header, of which no column has a usual name: it has none if its
 * first line names a photo as the others do. Its columns are plain if one of them names photos and the
 * others hold numbers, words for splits, and captions.
 *
 * @param sample the first rows, the first line among them
 * @returns undefined if it has a header
 */
export function judgeNoHeader(
  sample: readonly string[][],
  isPhoto: (name: string) => boolean,
): NoHeader | undefined {
  // Unquoted delimiters in captions make rows wider.
  const width = Math.min(...sample.map((fields) => fields.length));
  const positions = Array.from({ length: width }, (_, index) => index);
  const files = positions.filter((at) => namesPhoto(sample[0][at], () => false));
  const sure = files.length > 0;
  const photos = sure ? files : positions.filter((at) => isPhotoColumn(sample, at, isPhoto));
  if (photos.length === 0) return undefined;
  const names = positions.map((at) => `column ${at + 1}`);
  const [photo] = photos;
  const valuesOf = (at: number) => sample.map((fields) => fields[at].trim()).filter(Boolean);
  const others = positions.filter((at) => at !== photo && valuesOf(at).length > 0);
  const splits = others.filter((at) => valuesOf(at).every((word) => splitOf(word) !== undefined));
  const texts = others.filter((at) => !splits.includes(at) && !valuesOf(at).every(isNumber));
  const isPlain = photos.length === 1 && splits.length <= 1 && texts.length > 0 &&
    (texts.length === 1 || texts.every((at) => wordsOf(valuesOf(at)) >= 3));
  if (!isPlain) return { names, sure };
  return {
    names,
    sure,
    columns: {
      photo: names[photo],
      captions: texts.map((at) => names[at]),
      split: splits.length === 0 ? undefined : names[splits[0]],
    },
  };
}

/** Whether at least half of the fields name photos on the disk, and the first does or is like them. */
function isPhotoColumn(
  sample: readonly string[][],
  at: number,
  isPhoto: (name: string) => boolean,
): boolean {
  const photos = sample.map((fields) => fields[at]).filter((field) => namesPhoto(field, isPhoto));
  if (photos.length < sample.length / 2) return false;
  const [first] = sample[0].slice(at);
  const form = formOf(first);
  return photos.includes(first) ||
    form !== undefined && photos.some((photo) => formOf(photo) === form);
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Mean words of a value. */
function wordsOf(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + value.split(/\s+/).length, 0) / values.length;
}
