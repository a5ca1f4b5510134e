import { join } from "node:path";
import { unlessNotFound } from "../../storage/mod.ts";
import { decodeText } from "../files/decode_text.ts";
import type { SplitList } from "../splits.ts";

const LIST_NAMES = {
  train: "Flickr_8k.trainImages.txt",
  dev: "Flickr_8k.devImages.txt",
  test: "Flickr_8k.testImages.txt",
} as const;

/** Reads the official lists that exist in the folder or its `Flickr8k_text`. */
export async function readSplitLists(source: string): Promise<SplitList[]> {
  const lists: SplitList[] = [];
  for (const [split, name] of Object.entries(LIST_NAMES) as [SplitList["split"], string][]) {
    for (const path of [join(source, name), join(source, "Flickr8k_text", name)]) {
      const bytes = await Deno.readFile(path).catch(unlessNotFound);
      if (bytes === undefined) continue;
      const { text, brokenLines: [broken] } = decodeText(bytes, path);
      if (broken !== undefined) {
        throw new Error(`${path} is not UTF-8 in line ${broken}: save it as UTF-8`);
      }
      const lines = text.split("\n").map((line) => line.trim());
      lists.push({ split, path, photos: new Set(lines.filter((line) => line !== "")) });
      break;
    }
  }
  return lists;
}
