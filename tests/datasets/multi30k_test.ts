import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { datasetSettings } from "../../lib/datasets/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import {
  assertRefused,
  fingerprintDataset,
  inShort,
  prepareFiles,
  rejects,
} from "./prepare_files.ts";
import { inTempFolder, writeFiles } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `multi30k: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const task2 = {
  "val.1.de": "Ein Mädchen läuft.\nEin Hund .\nnicht da\n",
  "val.2.de": "ein mädchen\nein Hund\nauch nicht\n",
  "val.1.en": "A girl runs.\nA dog.\nnot there\n",
  "val_images.txt": "12.jpg\n34.jpg\n56.jpg\n",
  "Images/12_0ab9.jpg": "a",
  "Images/34.jpg": "b",
};

const all = { split: { train: 1, dev: 0, test: 0 } };

test("task 2: captions of one language, photos by Flickr's id", async (folder) => {
  const prepared = await prepareFiles("multi30k", folder, task2, {
    ...all,
    maxRejected: undefined,
  });
  assertEquals(inShort(prepared), [
    "12_0ab9.jpg train: Ein Mädchen läuft.",
    "34.jpg train: Ein Hund .",
    "12_0ab9.jpg train: ein mädchen",
    "34.jpg train: ein Hund",
  ]);
  assertEquals(rejects(prepared), ["val.1.de:3 no such photo", "val.2.de:3 no such photo"]);
  assert(prepared.said.includes("Captions in de: val.1.de, val.2.de"));
  const english = await prepareFiles("multi30k", folder, {}, { ...all, language: "en" });
  assertEquals(english.captions.map(({ caption }) => caption), ["A girl runs.", "A dog."]);
});

test("photos in another folder, seen from source or absolute", async (folder) => {
  const files = { ...task2, "photos/deep/12_0ab9.jpg": "c" };
  const settings = { ...all, images: "photos" };
  assertEquals(
    inShort(await prepareFiles("multi30k", folder, files, settings))[0],
    "deep/12_0ab9.jpg train: Ein Mädchen läuft.",
  );
  const absolute = { ...all, images: join(folder, "photos") };
  assertEquals((await prepareFiles("multi30k", folder, {}, absolute)).photoFolder, absolute.images);
});

test("task 1 as it is cloned: gzip in raw, lists beside, split by the files' names", async (folder) => {
  const prepared = await prepareFiles("multi30k", join(folder, "task1"), {
    "raw/train.de.gz": gzipSync("Ein Mann.\nZwei Männer.\n"),
    "raw/val.de.gz": gzipSync("Ein Boot.\n"),
    "raw/test_2017_mscoco.de.gz": gzipSync("Ein Zug.\n"),
    "raw/train.fr.gz": gzipSync("Un homme.\nDeux hommes.\n"),
    "image_splits/train.txt": "1.jpg\n2.jpg\n",
    "image_splits/val.txt": "3_0b.jpg\n",
    "image_splits/test_2017_mscoco.txt": "COCO_val2014_4.jpg#77\n",
    "Images/1.jpg": "a",
    "Images/2.jpg": "b",
    "Images/3.jpg": "c",
    "Images/COCO_val2014_4.jpg": "d",
  });
  assertEquals(inShort(prepared), [
    "COCO_val2014_4.jpg test: Ein Zug.",
    "1.jpg train: Ein Mann.",
    "2.jpg train: Zwei Männer.",
    "3.jpg dev: Ein Boot.",
  ]);
});

test("val alone is split by shares, or is dev where its own split is asked for", async (folder) => {
  const { said } = await prepareFiles("multi30k", folder, task2);
  assert(said.some((line) => line.startsWith("All photos are of dev: 90 %")));
  const own = await prepareFiles("multi30k", folder, {}, { split: "own" });
  assert(own.captions.every(({ split }) => split === "dev"));
  const shares = await prepareFiles("multi30k", folder, {}, all); // dev alone is no split
  assert(!shares.said.some((line) => line.includes("is not used")), shares.said.join());
});

test("each bad file is one sentence with its path", async (folder) => {
  const refused = (files: Parameters<typeof assertRefused>[2], ...parts: string[]) =>
    assertRefused("multi30k", folder, files, {}, ...parts);
  const { "val_images.txt": list, ...rest } = task2;
  await refused(rest, "val_images.txt", "val.1.de");
  await refused({ "val_images.txt": list }, "There is no val.1.de", "dataset.source");
  await refused({ ...task2, "val_images.txt": "12.jpg\n" }, "more than 1 lines", "names 1 photos");
  await refused({ ...task2, "val.1.de": "x\n" }, "val.1.de has 1 lines", "names 3 photos");
  await refused(
    { "val.1.en": "x\n", "val_images.txt": "1.jpg\n" },
    'in "de", but in en',
    "language",
  );
  await refused({ ...rest, "val_images.txt": "7.jpg\n8.jpg\n9.jpg" }, "names no photo", "images");
  const cut = gzipSync("x\ny\nz\n").subarray(0, 15);
  await refused(
    { "val.1.de.gz": cut, "val_images.txt": list },
    "val.1.de.gz is not a complete gzip file: download it again",
  );
});

test("fingerprint() tells changed captions, lists and photos from unchanged", async (folder) => {
  await prepareFiles("multi30k", folder, task2);
  const settings = datasetSettings.parse({ kind: "multi30k", source: folder });
  const print = async (files: Record<string, string>) => {
    await writeFiles(folder, files);
    return await fingerprintDataset(settings, { folder });
  };
  const prints = [
    await print({}),
    await print({ "Images/34.jpg": "B" }),
    await print({ "val.2.de": "x\ny\nz\n" }),
    await print({ "val_images.txt": "12.jpg\n34.jpg\n57.jpg\n" }),
    await print({ "Images/57.jpg": "c" }),
  ];
  assertEquals(new Set(prints).size, 5);
  assertEquals(await print({ "Images/99.jpg": "of no caption" }), prints[4]);
});
