import { type Agreement, compareFolders } from "./compare_folders.ts";
import { partsOf, withoutUrlParts } from "./photo_name.ts";
import { type Likeness, LIKENESSES, type NamedPhotos, PhotoTree } from "./photo_tree.ts";
import type { PhotoMatch } from "./photo_match.ts";
import { refuseSharing } from "./shared_photos.ts";

/**
 * Finds the photos that names stand for: the one rule for tables, split lists and features files.
 *
 * A name is a path or its end, as written on this machine or another. It stands for the photo with
 * the longest common end of the path, in whole folders and file name:
 *
 * - **The file name** is the same; only if no photo of that name fits, it may differ in the way URLs
 *   write it (`a%20b.jpg?w=300`), in upper and lower case, in that the name has no ending, in its
 *   ending (`.png`, `.jpeg`), in how a number is written (`391895.0`, `000391895`), tried in this
 *   order. Two photos that fit equally are "several"; files that are no photos by their ending count
 *   by their exact name alone.
 * - **A bare name** fits a photo in any folder, if it is the only one.
 * - **A name with folders** fits no photo whose folder contradicts it: `dogs/1.jpg` is not
 *   `cats/1.jpg`. Folders contradict each other where they differ at the first place above the
 *   common end. They do not where one path has ended: photos that lie in one flat folder have no
 *   folder to contradict `images/1.jpg` or `/home/me/1.jpg`.
 * - **Folders that tell nothing** (`images`, `photos`, …) are left out of that, unless the tree has
 *   two of them side by side. So are folders that all photos are in, where a class folder below
 *   them agrees: `data/cats/1.jpg` is `archive/cats/1.jpg`, if all photos are in `archive`.
 * - **The other names testify**: if some agree with a folder, the ones that differ there contradict
 *   it. Flat photos beside class folders are not those of a class (`dogs/1.jpg` is not `1.jpg` if
 *   others are found as `cats/2.jpg`).
 * - **Two names of one photo** must be able to be the same path (`1.jpg`, `photos/1.JPG`), otherwise
 *   only the closer one stands for it, and none if they are equally close: in a flat folder
 *   `cats/1.jpg` and `dogs/1.jpg` cannot both be `1.jpg`.
 *
 * Unicode is compared in its composed form (NFC).
 *
 * ```ts
 * import { matchPhotos } from "./match_photos.ts";
 *
 * const names = ["cats/1.jpg", "dogs/1.jpg", "2"];
 * const matches = matchPhotos(names, { files: ["cats/1.jpg", "cats/2.jpg"] });
 * matches.get("cats/1.jpg"); // found
 * matches.get("dogs/1.jpg"); // elsewhere
 * matches.get("2"); // found, cats/2.jpg
 * ```
 */
export function matchPhotos(
  names: Iterable<string>,
  photos: NamedPhotos,
): Map<string, PhotoMatch> {
  const tree = new PhotoTree(photos);
  const attempts = new Map<string, Attempt>();
  for (const name of names) if (!attempts.has(name)) attempts.set(name, findAlike(name, tree));
  const testimony = testimonyOf(attempts.values());
  const matches = new Map<string, PhotoMatch>();
  for (const [name, attempt] of attempts) {
    matches.set(name, judge(attempt, testimony, tree));
  }
  refuseSharing(matches);
  return matches;
}

/** The closest photos for a name by itself. */
interface Attempt {
  /** Those that fit, all equally well. */
  fitting: { photo: number; agreement: Agreement }[];
  likeness: Likeness;
  /** Photos of that file name in other folders. */
  elsewhere: number[];
}

function findAlike(name: string, tree: PhotoTree): Attempt {
  const written = partsOf(name);
  const meant = partsOf(withoutUrlParts(name));
  const elsewhere: number[] = [];
  for (const likeness of LIKENESSES) {
    const { file, folders } = likeness === "exact" ? written : meant;
    const alike = tree.alike(file, likeness);
    if (alike.length === 0) continue;
    const inFolders = tree.foldersIn(folders);
    const compared = alike.map((photo) => ({
      photo,
      agreement: compareFolders(inFolders, photo, tree),
    }));
    const fitting = highest(compared.filter(({ agreement }) => agreement.fits));
    if (fitting.length > 1) {
      const path = [...folders, file].join("/");
      const same = fitting.filter(({ photo }) => endsWith(tree.file(photo), path));
      return { fitting: same.length === 1 ? same : fitting, likeness, elsewhere: [] };
    }
    if (fitting.length === 1) return { fitting, likeness, elsewhere: [] };
    elsewhere.push(...alike);
  }
  return { fitting: [], likeness: "exact", elsewhere };
}

/** Letter by letter, upper and lower case included. */
function endsWith(path: string, end: string): boolean {
  return `/${path.normalize("NFC")}`.endsWith(`/${end}`);
}

function highest<T extends { agreement: Agreement }>(compared: readonly T[]): T[] {
  let best: T[] = [];
  for (const one of compared) {
    const order = best.length === 0 ? 1 : compareScores(one.agreement, best[0].agreement);
    if (order > 0) best = [one];
    else if (order === 0) best.push(one);
  }
  return best;
}

function compareScores({ score: a }: Agreement, { score: b }: Agreement): number {
  const place = a.findIndex((number, index) => number !== b[index]);
  return place < 0 ? 0 : a[place] - b[place];
}

/** What the names together say about the folders that single names leave open. */
interface Testimony {
  /** The outermost folder that a name agrees with, counted as `Agreement.top`. */
  top: number;
  /** What is above the photos in names that agree with folders of the tree. */
  above: Set<string>;
}

function testimonyOf(attempts: Iterable<Attempt>): Testimony {
  const testimony: Testimony = { top: Infinity, above: new Set() };
  for (const { fitting } of attempts) {
    if (fitting.length !== 1) continue;
    const [{ agreement: { agreed, top, depth, rest } }] = fitting;
    if (agreed === 0) continue;
    testimony.top = Math.min(testimony.top, top);
    if (depth > 0 && agreed >= depth) testimony.above.add(rest.join("/"));
  }
  return testimony;
}

function contradicts({ top, above }: Testimony, { agreed, rest, ...place }: Agreement): boolean {
  if (rest.length === 0) return false;
  return top < place.top ||
    agreed === 0 && place.depth === 0 && above.size > 0 && !above.has(rest.join("/"));
}

function judge(
  { fitting, likeness, elsewhere }: Attempt,
  testimony: Testimony,
  tree: PhotoTree,
): PhotoMatch {
  const pathsOf = (photos: readonly number[]) =>
    [...new Set(photos)].map((photo) => tree.file(photo));
  const left = fitting.filter(({ agreement }) => !contradicts(testimony, agreement));
  if (left.length === 1) {
    const [{ photo, agreement: { agreed, rest } }] = left;
    return { kind: "found", photo: tree.file(photo), likeness, agreed, moved: rest.length > 0 };
  }
  if (left.length > 1) {
    return { kind: "several", photos: pathsOf(left.map(({ photo }) => photo)) };
  }
  const photos = pathsOf([...fitting.map(({ photo }) => photo), ...elsewhere]);
  return photos.length > 0 ? { kind: "elsewhere", photos } : { kind: "none" };
}

/**
 * Tells names of photos from other text: those that stand for a photo, or would in another folder. It
 * shows which column holds the photos, and where a row begins.
 */
export function photoNameTest(photos: NamedPhotos): (text: string) => boolean {
  const tree = new PhotoTree(photos);
  return (text) => {
    const { fitting, elsewhere } = findAlike(text, tree);
    return fitting.length > 0 || elsewhere.length > 0;
  };
}
