import { fileURLToPath } from "node:url";
import { countSplits, datasetSettings } from "../../lib/datasets/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { prepareDataset } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const source = fileURLToPath(new URL("../../../shared/flickr8k/", import.meta.url));
const there = granted("read") && await Deno.stat(source).then(() => true, () => false);
const ignore = !there || !granted("write", "env");

async function prepare(folder: string, more: Record<string, unknown>) {
  const settings = datasetSettings.parse({ kind: "flickr8k", source, ...more });
  return await prepareDataset(settings, { folder });
}

Deno.test({
  name: "flickr8k: the real captions.txt with its lists has 35,455 captions of 7,091 photos",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const { captions, rejected } = await prepare(folder, { duplicates: "keep" });
      assertEquals(countSplits(captions), [
        { split: "train", photos: 6000, captions: 30000 },
        { split: "dev", photos: 1000, captions: 5000 },
        { split: "", photos: 91, captions: 455 },
      ]);
      assertEquals(rejected, []);
    }),
});

Deno.test({
  name: "flickr8k: the real Flickr8k.token.txt has five rows of a photo that never was",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      for (const name of ["Flickr8k.token.txt", "Flickr_8k.trainImages.txt"]) {
        await Deno.copyFile(`${source}${name}`, `${folder}/${name}`);
      }
      const images = `${source}Images`;
      const { captions, rejected } = await prepare(folder, { source: folder, images, limit: 20 });
      assertEquals(countSplits(captions).map(({ split, photos }) => [split, photos]), [
        ["train", 20],
        ["", 20],
      ]);
      const broken = rejected.filter(({ reason }) => reason.startsWith("known broken id"));
      assertEquals(broken.length, 5);
      assertEquals(rejected.length - broken.length, 9); // captions that a photo has twice
    }),
});
