import {
  folded,
  isPhotoFile,
  isPlainFolder,
  numberOf,
  partsOf,
  type PathParts,
  stemOf,
} from "./photo_name.ts";

/** Photos of a data set, by which names are judged. */
export interface NamedPhotos {
  /** The folder that they are in, if it is known. */
  path?: string;
  /** Paths in it, with `/`; files without a photo's ending are meant only by their exact name. */
  files: readonly string[];
}

/** How a file name is like a photo's. */
export type Likeness = "exact" | "url" | "case" | "stem" | "ending" | "number";

/** From the closest: each is tried only where those before find nothing. */
export const LIKENESSES: readonly Likeness[] = ["exact", "url", "case", "stem", "ending", "number"];

/** Folders of a path. */
export interface Folders {
  /** All of them, from the outermost, folded. */
  all: readonly string[];
  /** Those whose names distinguish photos. */
  telling: readonly string[];
}

/** Photos by their file names and folders. */
export class PhotoTree {
  /** Folders of the photo folder itself. */
  readonly root: Folders;
  /** How many folders all photos have in common, of all and of the telling ones. */
  readonly common: { all: number; telling: number };
  readonly #files: readonly string[];
  readonly #exact = new Map<string, number[]>();
  readonly #case = new Map<string, number[]>();
  readonly #stem = new Map<string, number[]>();
  readonly #number = new Map<string, number[]>();
  readonly #folders = new Map<string, Folders>();
  readonly #names = new Set<string>();
  /** Whether folders such as `images` and `photos` are side by side and so do distinguish. */
  readonly #plainAreTelling: boolean;

  constructor({ path, files }: NamedPhotos) {
    this.#files = files;
    const photos = files.filter(isPhotoFile);
    const paths = new Set((photos.length > 0 ? photos : files).map(folderOf));
    this.#plainAreTelling = hasPlainSiblings(paths);
    const folders = [...paths].map((folder) => this.#foldersAt(folder));
    this.common = {
      all: commonStart(folders.map(({ all }) => all)),
      telling: commonStart(folders.map(({ telling }) => telling)),
    };
    for (const { all } of folders) for (const name of all) this.#names.add(name);
    this.root = this.foldersIn(path === undefined ? [] : namedFolders(`${path}/`));
    for (const [index, file] of files.entries()) {
      const name = nameOf(file).normalize("NFC");
      add(this.#exact, name, index);
      if (!isPhotoFile(name)) continue;
      add(this.#case, folded(name), index);
      const stem = folded(stemOf(name));
      add(this.#stem, stem, index);
      const number = numberOf(name);
      if (number !== undefined && !/\.0+$/.test(stem)) add(this.#number, number, index);
    }
  }

  /** Indices of the files whose names are alike. */
  alike(file: string, likeness: Likeness): readonly number[] {
    switch (likeness) {
      case "exact":
      case "url":
        return this.#exact.get(file) ?? [];
      case "case":
        return this.#case.get(folded(file)) ?? [];
      case "stem":
        return this.#stem.get(folded(file)) ?? [];
      case "number":
        return this.#number.get(numberOf(file) ?? "") ?? [];
      case "ending":
        return isPhotoFile(file) ? this.#withoutEnding(folded(stemOf(file))) : [];
    }
  }

  /** Of `a.png` it is any photo `a`, of `a.jpg.jpg` the photo `a.jpg`. */
  #withoutEnding(stem: string): readonly number[] {
    return this.#stem.get(stem) ?? this.#case.get(stem) ?? [];
  }

  /** Path of a file. */
  file(index: number): string {
    return this.#files[index];
  }

  /** Folders of a file, in the photo folder. */
  folders(index: number): Folders {
    return this.#foldersAt(folderOf(this.#files[index]));
  }

  /** Whether photos are in a folder of that name, at any place in the tree. */
  hasFolder(name: string): boolean {
    return this.#names.has(name);
  }

  /** Folders by name, those that distinguish photos among them. */
  foldersIn(names: readonly string[]): Folders {
    const all = names.map(folded);
    const telling = this.#plainAreTelling ? all : all.filter((name) => !isPlainFolder(name));
    return { all, telling };
  }

  #foldersAt(path: string): Folders {
    let folders = this.#folders.get(path);
    if (folders === undefined) {
      folders = this.foldersIn(namedFolders(path));
      this.#folders.set(path, folders);
    }
    return folders;
  }
}

/** Path with its last `/`, "" at the top. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function namedFolders(path: string): PathParts["folders"] {
  return partsOf(`${path}x`).folders;
}

function hasPlainSiblings(folders: Iterable<string>): boolean {
  const siblings = new Map<string, string>();
  for (const folder of folders) {
    const names = namedFolders(folder).map(folded);
    for (const [depth, name] of names.entries()) {
      if (!isPlainFolder(name)) continue;
      const parent = names.slice(0, depth).join("/");
      const other = siblings.get(parent);
      if (other !== undefined && other !== name) return true;
      siblings.set(parent, name);
    }
  }
  return false;
}

/** How many of the first names are equal in all lists. */
function commonStart(lists: readonly (readonly string[])[]): number {
  const [first = [], ...others] = lists;
  let count = first.length;
  for (const list of others) {
    let equal = 0;
    while (equal < count && first[equal] === list[equal]) equal++;
    count = equal;
  }
  return count;
}

function add(map: Map<string, number[]>, key: string, index: number): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [index]);
  else there.push(index);
}
