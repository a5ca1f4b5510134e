import { join } from "node:path";
import { exists, readInput } from "../../storage/mod.ts";
import { decodeText } from "../files/decode_text.ts";
import type { SplitList } from "../splits.ts";

const LIST_NAMES = {
  train: "Flickr_8k.trainImages.txt",
  dev: "Flickr_8k.devImages.txt",
  test: "Flickr_8k.testImages.txt",
} as const;

/** Bytes of the longest list that is read; the official ones have 150 kB. */
const LARGEST_LIST = 64e6;

/** One of the official lists, and where it is. */
interface FoundList {
  split: SplitList["split"];
  path: string;
}

/** The official lists that exist in the folder or its `Flickr8k_text`. */
export async function findSplitLists(source: string): Promise<FoundList[]> {
  const lists: FoundList[] = [];
  for (const [split, name] of Object.entries(LIST_NAMES) as [SplitList["split"], string][]) {
    for (const path of [join(source, name), join(source, "Flickr8k_text", name)]) {
      if (!await exists(path)) continue;
      lists.push({ split, path });
      break;
    }
  }
  return lists;
}

/** Reads the official lists that exist in the folder or its `Flickr8k_text`. */
export async function readSplitLists(source: string): Promise<SplitList[]> {
  const lists = await findSplitLists(source);
  return await Promise.all(lists.map(async ({ split, path }) => {
    const { text, brokenLines: [broken] } = decodeText(await readInput(path, LARGEST_LIST), path);
    if (broken !== undefined) {
      throw new Error(`${path} is not UTF-8 in line ${broken}: save it as UTF-8`);
    }
    const lines = text.split("\n").map((line) => line.trim());
    return { split, path, photos: new Set(lines.filter((line) => line !== "")) };
  }));
}
