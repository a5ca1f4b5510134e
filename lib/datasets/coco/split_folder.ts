import { splitOf } from "../splits.ts";
import { folded, partsOf } from "../photo_names/photo_name.ts";

/**
 * The folder in which the photos of a split are looked for, where a tree has one for each split: the
 * one of that name, otherwise the one that is called after the same split. Undefined where the tree
 * has no folders for splits, so that photos may be in any.
 *
 * @param files of the tree
 * @param name usual for the folder, such as train2014
 */
export function folderOfSplit(files: readonly string[], name: string): string | undefined {
  const folders = new Set(files.flatMap((file) => partsOf(file).folders));
  const equal = [...folders].find((folder) => folded(folder) === folded(name));
  if (equal !== undefined) return equal;
  const ofSplits = [...folders].filter((folder) => splitIn(folder) !== undefined);
  if (ofSplits.length === 0) return undefined;
  const same = ofSplits.filter((folder) => splitIn(folder) === splitIn(name));
  return same.length === 1 ? same[0] : name;
}

function splitIn(folder: string) {
  return splitOf(folder.replace(/\d+$/, ""));
}
