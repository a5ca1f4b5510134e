/** Names of the columns to use; captions are in at least one. */
export interface Columns {
  photo: string;
  captions: string[];
  split?: string;
}

/** What the settings name; undefined where it is to be guessed. */
export interface NamedColumns {
  photo?: string;
  captions?: string | string[];
  split?: string;
}

/** The usual names, an earlier one wins; without signs and in lower case. */
const usual = {
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
 * Chooses columns: those that the settings name, otherwise those of usual names; captions may be in
 * several, such as caption_0 to caption_4.
 *
 * @throws {Error} naming the columns that are there, if one is missing
 */
export function chooseColumns(
  there: readonly string[],
  named: NamedColumns,
  path: string,
): Columns {
  const missing = (what: string, setting: string) =>
    new Error(
      `${path} has no ${what}, but the columns ${there.join(", ")}: set ` +
        `dataset.columns.${setting} to the one that is meant`,
    );
  const check = (name: string, setting: string) => {
    if (there.includes(name)) return name;
    throw missing(`column ${name}`, setting);
  };
  const guess = (names: readonly string[]) =>
    names.map((name) => there.filter((column) => plain(column) === name)).find((found) =>
      found.length > 0
    )?.[0];
  const photo = named.photo !== undefined ? check(named.photo, "photo") : guess(usual.photo);
  if (photo === undefined) {
    throw missing("column that is named like photos (image, photo, …)", "photo");
  }
  const captions = named.captions !== undefined
    ? [named.captions].flat().map((name) => check(name, "captions"))
    : guessCaptions(there.filter((name) => name !== photo));
  if (captions.length === 0) {
    throw missing("column that is named like captions (caption, text, …)", "captions");
  }
  const split = named.split !== undefined ? check(named.split, "split") : guess(usual.split);
  return { photo, captions, split };
}

function guessCaptions(there: readonly string[]): string[] {
  for (const name of usual.captions) {
    const found = there.filter((column) => plain(column).replace(/\d+$/, "") === name);
    if (found.length > 0) return found;
  }
  return [];
}

function plain(column: string): string {
  return column.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** What was recognised, for the screen. */
export function describeColumns({ photo, captions, split }: Columns): string {
  return `photos from ${photo}, captions from ${captions.join(", ")}` +
    (split === undefined ? ", no split" : `, splits from ${split}`);
}
