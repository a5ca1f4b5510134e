import { datasetSettings, openDataset } from "../../lib/datasets/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { countReads } from "./count_reads.ts";
import { type Files, writeAll } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const photos = { "Images/1.jpg": "a", "Images/2.jpg": "b", "Images/3.jpg": "c" };

/** Of each kind with files of its own, a small folder, and how often each file has to be read. */
const folders: { kind: string; files: Files }[] = [
  {
    kind: "flickr8k",
    files: {
      ...photos,
      "captions.txt": "image,caption\n1.jpg,a dog\n2.jpg,a cat\n3.jpg,a cow\n1.jpg,a pup\n",
      "Flickr_8k.trainImages.txt": "1.jpg\n2.jpg\n",
      "Flickr_8k.testImages.txt": "3.jpg\n",
    },
  },
  {
    kind: "coco",
    files: {
      "train2014/1.jpg": "a",
      "val2014/2.jpg": "b",
      "captions_train2014.json": {
        images: [{ id: 7, file_name: "1.jpg" }],
        annotations: [{ image_id: 7, caption: "a dog" }],
      },
      "captions_val2014.json": {
        images: [{ id: 8, file_name: "2.jpg" }],
        annotations: [{ image_id: 8, caption: "a cat" }],
      },
    },
  },
  {
    kind: "karpathy",
    files: {
      ...photos,
      "dataset_flickr8k.json": {
        images: [1, 2, 3].map((id) => ({
          filename: `${id}.jpg`,
          split: "train",
          sentences: [{ raw: "a dog" }],
        })),
      },
    },
  },
];

const orders: { [name: string]: ("fingerprint" | "prepare")[] } = {
  "fingerprint() and prepare()": ["fingerprint", "prepare"],
  "prepare() and fingerprint()": ["prepare", "fingerprint"],
  "fingerprint() alone": ["fingerprint"],
  "prepare() alone, twice": ["prepare", "prepare"],
};

for (const { kind, files } of folders) {
  for (const [name, calls] of Object.entries(orders)) {
    Deno.test({
      name: `openDataset() of ${kind} reads each file and each photo once for ${name}`,
      ignore: !granted("read", "write", "env"),
      fn: () =>
        inTempFolder(async (folder) => {
          await writeAll(folder, files);
          const settings = datasetSettings.parse({ kind, source: folder });
          const reads = await countReads(folder, async () => {
            const opened = await openDataset(settings, { folder });
            for (const call of calls) await opened[call]();
          });
          assertEquals(reads, Object.fromEntries(Object.keys(files).sort().map((n) => [n, 1])));
        }),
    });
  }
}

Deno.test({
  name: "openDataset() gives the same fingerprint and table in either order",
  ignore: !granted("read", "write", "env"),
  fn: () =>
    inTempFolder(async (folder) => {
      const [{ kind, files }] = folders;
      await writeAll(folder, files);
      const settings = datasetSettings.parse({ kind, source: folder });
      const one = await openDataset(settings, { folder });
      const other = await openDataset(settings, { folder });
      const fingerprint = await one.fingerprint();
      const prepared = await other.prepare();
      assertEquals(await other.fingerprint(), fingerprint);
      assertEquals(await one.prepare(), prepared);
    }),
});
