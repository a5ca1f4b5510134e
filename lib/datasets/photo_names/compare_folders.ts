import type { Folders, PhotoTree } from "./photo_tree.ts";

/** What the folders of a name and of a photo of that file name have to do with each other. */
export interface Agreement {
  /** Whether they do not contradict each other, by themselves. */
  fits: boolean;
  /** Which of several photos is meant: compared number by number, the highest. */
  score: readonly number[];
  /** Telling folders that are equal, those of the photo folder's own path included. */
  agreed: number;
  /** Folders of the name, above the common end, which no folder of the photo answers to. */
  rest: readonly string[];
  /**
   * Where the common end begins: how many telling folders of the photo are above it, in the tree;
   * negative if folders above the tree agree as well.
   */
  top: number;
  /** The photo's telling folders, beyond those that all photos have in common. */
  depth: number;
}

/**
 * Compares the folders of a name with those of a photo of that file name, by the common end of
 * their paths.
 *
 * Either path may end first: what is above is then not known of it, and fits. Where they differ,
 * the name is of another photo, unless both agree in the folder that the photo is in and differ
 * only above, in folders that all photos of the tree are in: there the tree was moved.
 */
export function compareFolders(name: Folders, photo: number, tree: PhotoTree): Agreement {
  const there = tree.folders(photo);
  const end = commonEnd(name.telling, there.telling);
  const above = there.telling.length - end;
  const left = name.telling.slice(0, name.telling.length - end);
  const beyond = above === 0 ? commonEnd(left, tree.root.telling) : 0;
  const rest = left.slice(0, left.length - beyond);
  const agreed = end + beyond;
  const fits = rest.length === 0 ||
    (above > 0
      ? agreed > 0 && above <= tree.common.telling
      : agreed > 0 || !tree.hasFolder(rest.at(-1)!));
  const equal = commonEnd(name.all, there.all);
  return {
    fits,
    score: [
      end,
      Number(equal === name.all.length && there.all.length - equal <= tree.common.all),
      equal,
    ],
    agreed,
    rest,
    top: above - beyond,
    depth: there.telling.length - tree.common.telling,
  };
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count++;
  return count;
}
