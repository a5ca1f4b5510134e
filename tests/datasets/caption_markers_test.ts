import { readDatasetSummary, writeDataset } from "../../lib/datasets/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { type Files, inShort, prepareFiles, rejects } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env", "ffi", "sys");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `captions with markers: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const photos = { "a.jpg": "a", "b.jpg": "b" };
const all = { split: { train: 1, dev: 0, test: 0 } };
const framed = ["<start> A dog . <end>", "<start> A cat <end>"];

const sources: Record<string, [kind: string, files: Files]> = {
  CSV: ["folder", { "captions.csv": `image,caption\na.jpg,${framed[0]}\nb.jpg,${framed[1]}\n` }],
  "Flickr8k's captions.txt": ["flickr8k", {
    "captions.txt": `image,caption\na.jpg,${framed[0]}\nb.jpg,${framed[1]}\n`,
    "Images/a.jpg": "a",
    "Images/b.jpg": "b",
  }],
  "COCO's JSON": ["coco", {
    "captions_train2014.json": {
      images: [{ id: 1, file_name: "a.jpg" }, { id: 2, file_name: "b.jpg" }],
      annotations: framed.map((caption, i) => ({ image_id: i + 1, caption })),
    },
  }],
  "Karpathy's JSON": ["karpathy", {
    "dataset_x.json": {
      images: framed.map((raw, i) => ({
        filename: ["a.jpg", "b.jpg"][i],
        split: "train",
        sentences: [{ raw }],
      })),
    },
  }],
};

for (const [name, [kind, files]] of Object.entries(sources)) {
  test(`${name}: they are taken off, said and recorded`, async (folder) => {
    const prepared = await prepareFiles(kind, folder, { ...photos, ...files }, all);
    assertEquals(inShort(prepared), ["a.jpg train: A dog .", "b.jpg train: A cat"]);
    const said = prepared.said.filter((line) =>
      line.startsWith("All 2 captions begin with <start> and end with <end>: these markers are ")
    );
    assertEquals(said.length, 1, prepared.said.join("\n"));
    await writeDataset(folder, prepared);
    assertEquals((await readDatasetSummary(folder)).markers, [
      { start: "<start>", end: "<end>", captions: 2 },
    ]);
  });
}

const table = (...captions: string[]) => ({
  ...photos,
  "captions.csv": "image,caption\n" +
    captions.map((caption, i) => `${i % 2 === 0 ? "a" : "b"}.jpg,${caption}\n`).join(""),
});

test("without them a caption may be empty, or its photo's second", async (folder) => {
  const rows = ["<s> a </s>", "<s> b </s>", "<s>a</s>", "<s> </s>"];
  const prepared = await prepareFiles("folder", folder, table(...rows), all);
  assertEquals(inShort(prepared), ["a.jpg train: a", "b.jpg train: b"]);
  assertEquals(rejects(prepared), [
    "captions.csv:4 duplicate caption of the photo",
    "captions.csv:5 empty caption",
  ]);
});

test("dataset.markers leaves them, or names those that are not found", async (folder) => {
  const kept = await prepareFiles("folder", folder, table(...framed), { ...all, markers: "keep" });
  assertEquals(kept.captions.map(({ caption }) => caption), framed);
  assertEquals(kept.markers, []);
  const rows = Array.from({ length: 40 }, (_, i) => `alpha thing ${i} omega`);
  const doubtful = await prepareFiles("folder", folder, table(...rows), all);
  assertEquals(doubtful.captions.map(({ caption }) => caption), rows);
  assert(
    doubtful.said.some((line) => line.endsWith('set dataset.markers=["alpha","omega"]')),
    doubtful.said.join("\n"),
  );
  const named = await prepareFiles("folder", folder, table(...rows), {
    ...all,
    markers: ["alpha", "omega"],
  });
  assertEquals(named.captions[3].caption, "thing 3");
  assertEquals(named.markers, [{ start: "alpha", end: "omega", captions: 40 }]);
});
