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
 * several, such as caption_0 to caption_4.
 *
 * @throws {Error} naming the columns found, if one is missing
 */
export function chooseColumns(
  there: readonly string[],
  named: NamedColumns,
  path: string,
): Columns {
  const missing = (what: string, setting: string) =>
    new Error(
      `${path} has no ${what}, but the columns ${there.join(", ")}: set ` +
        `dataset.columns.${setting} to the right one`,
    );
  const check = (name: string, setting: string) => {
    if (there.includes(name)) return name;
    throw missing(`column ${name}`, setting);
  };
  const guess = (names: readonly string[]) =>
    names.map((name) => there.filter((column) => plain(column) === name)).find((found) =>
      found.length > 0
    )?.[0];
  const photo = named.photo !== undefined ? check(named.photo, "photo") : guess(USUAL_NAMES.photo);
  if (photo === undefined) {
    throw missing("column with a name for photos (image, photo, …)", "photo");
  }
  const captions = named.captions !== undefined
    ? [named.captions].flat().map((name) => check(name, "captions"))
    : guessCaptions(there.filter((name) => name !== photo));
  if (captions.length === 0) {
    throw missing("column with a name for captions (caption, text, …)", "captions");
  }
  const split = named.split !== undefined ? check(named.split, "split") : guess(USUAL_NAMES.split);
  return { photo, captions, split };
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

/** The columns in words, for the screen. */
export function describeColumns({ photo, captions, split }: Columns): string {
  return `photos from ${photo}, captions from ${captions.join(", ")}` +
    (split === undefined ? ", no split" : `, splits from ${split}`);
}
