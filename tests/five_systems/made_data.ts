import { sceneCaptions } from "../../lib/datasets/shapes/grammar.ts";
import { drawScene, randomScenes } from "../../lib/datasets/shapes/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { writeFiles } from "../datasets/temp_folder.ts";

/** Photos drawn from a seed as JPEG, each with five captions. */
export async function drawnJpegs(
  count: number,
): Promise<{ photo: Uint8Array; captions: string[] }[]> {
  const { default: sharp } = await import("sharp");
  const scenes = randomScenes(count, new Random(7, "scenes"));
  return await Promise.all(scenes.map(async (scene, i) => ({
    photo: new Uint8Array(await sharp(await drawScene(scene, { size: 160 })).jpeg().toBuffer()),
    captions: sceneCaptions(scene, new Random(7, i)),
  })));
}

/** Writes a folder in Kaggle's layout of Flickr8k: eight of ten photos are train, one dev, one test. */
export async function writeFlickr8k(folder: string, count: number): Promise<void> {
  const files: Record<string, string | Uint8Array> = {};
  const rows: string[] = ["image,caption"];
  const lists: Record<string, string[]> = { train: [], dev: [], test: [] };
  for (const [i, { photo, captions }] of (await drawnJpegs(count)).entries()) {
    const name = `${1000 + i}_made.jpg`;
    files[`Images/${name}`] = photo;
    rows.push(...captions.map((caption) => `${name},${caption} .`));
    lists[i % 10 === 8 ? "dev" : i % 10 === 9 ? "test" : "train"].push(name);
  }
  files["captions.txt"] = rows.join("\n") + "\n";
  for (const [split, names] of Object.entries(lists)) {
    files[`Flickr_8k.${split}Images.txt`] = names.join("\n") + "\n";
  }
  await writeFiles(folder, files);
}
