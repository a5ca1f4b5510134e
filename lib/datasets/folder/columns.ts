import { listSome, shorten } from "../../text/mod.ts";

/** Names of the columns to use; at least one holds captions. */
export interface Columns {
  photo: string;
  captions: string[];
  split?: string;
}

/** The columns that the settings name; undefined where one has to be guessed. */
export interface NamedColumns {
  photo?: string;
  captions?: string | string[];
  split?: string;
}

/** Columns of the widest table: each is compared with each. */
export const MOST_COLUMNS = 1000;

/** What a table says about its columns. */
export interface FoundColumns {
  /** Each of them once. */
  names: readonly string[];
  /** Where several columns have one name: under what names they are here. */
  sameNames?: ReadonlyMap<string, readonly string[]>;
  /** The one that takes precedence as the photo's, such as the keys of a JSON object. */
  key?: string;
  /** The share of the first rows in which a column names a photo on the disk. */
  photosIn(column: string): number;
}

/** The usual names in order of preference, in lower case, letters and digits alone. */
const USUAL_NAMES = {
  photo: [
    ..."image photo picture img filename filepath imagename imagepath imagefile photoname".split(
      " ",
    ),
    ..."photopath photofile file imageid photoid path name url id".split(" "),
  ],
  captions: "caption captions text sentence sentences description descriptions comment comments raw"
    .split(" "),
  split: "split set subset partition".split(" "),
};

/**
 * Chooses columns: those that the settings name, otherwise those with usual names; captions may be in
 * several, such as caption_0 to caption_4, or several of one name. Of several that may name the photo,
 * it is the first, unless that names none on the disk, and another most of them.
 *
 * @throws {Error} naming the columns found, if one is missing
 */
export function chooseColumns(
  found: FoundColumns,
  named: NamedColumns | undefined,
  path: string,
): Columns {
  const { names, sameNames, photosIn } = found;
  if (names.length > MOST_COLUMNS) {
    throw new Error(
      `${path} has ${names.length.toLocaleString("en")} columns or keys, more than the ${
        MOST_COLUMNS.toLocaleString("en")
      } of the widest table: put a list of photos and captions there`,
    );
  }
  const missing = (what: string, setting: string) =>
    new Error(
      `${path} has no ${what}, but the columns ${listSome(names)}: ` +
        (named === undefined
          ? "rename the right one"
          : `set dataset.columns.${setting} to the right one`),
    );
  const check = (name: string, setting: string) => {
    const same = sameNames?.get(name);
    if (same !== undefined) return same;
    if (names.includes(name)) return [name];
    throw missing(`column ${shorten(name)}`, setting);
  };
  const only = (columns: readonly string[]) => {
    for (const [name, same] of sameNames ?? []) {
      if (columns.some((column) => same.includes(column))) {
        throw new Error(
          `${path} has ${same.length} columns named ${shorten(name)}: rename all but one`,
        );
      }
    }
    return columns[0];
  };
  const guess = (usual: readonly string[]) =>
    usual.flatMap((name) => names.filter((column) => plain(column) === name));
  const photos = [...found.key === undefined ? [] : [found.key], ...guess(USUAL_NAMES.photo)];
  const photo = named?.photo !== undefined
    ? only(check(named.photo, "photo"))
    : only([firstWithPhotos(photos, photosIn)]);
  if (photo === undefined) {
    throw missing("column with a name for photos (image, photo, …)", "photo");
  }
  const captions = named?.captions !== undefined
    ? [named.captions].flat().flatMap((name) => check(name, "captions"))
    : guessCaptions(names.filter((name) => name !== photo));
  if (captions.length === 0) {
    throw missing("column with a name for captions (caption, text, …)", "captions");
  }
  const split = only(
    named?.split !== undefined ? check(named.split, "split") : guess(USUAL_NAMES.split).slice(0, 1),
  );
  return { photo, captions, split };
}

function firstWithPhotos(
  [first, ...others]: readonly string[],
  photosIn: FoundColumns["photosIn"],
): string {
  if (first === undefined || photosIn(first) > 0) return first;
  return others.find((column) => photosIn(column) >= 0.5) ?? first;
}

/** Whether one of the names is usual for the column of photos, or of captions. */
export function hasUsualName(names: readonly string[], what: "photo" | "captions"): boolean {
  return names.some((name) => {
    const word = what === "photo" ? plain(name) : plain(name).replace(/\d+$/, "");
    return USUAL_NAMES[what].includes(word);
  });
}

function guessCaptions(there: readonly string[]): string[] {
  for (const name of USUAL_NAMES.captions) {
    const found = there.filter((column) => plain(column).replace(/\d+$/, "") === name);
    if (found.length > 0) return found;
  }
  return [];
}

function plain(column: string): string {
  return column.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * The columns in words, for the screen.
 *
 * @param splits whether splits are read
 */
export function describeColumns({ photo, captions, split }: Columns, splits: boolean): string {
  return `photos from ${shorten(photo)}, captions from ${listSome(captions)}` +
    (!splits ? "" : split === undefined ? ", no split" : `, splits from ${shorten(split)}`);
}
