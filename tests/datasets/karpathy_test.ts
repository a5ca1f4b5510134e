import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { assertRefused, inShort, prepareFiles, rejects } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `karpathy: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const image = (filename: string, split: string, ...captions: string[]) => ({
  filename,
  split,
  sentences: captions.map((raw) => ({ raw, tokens: raw.split(" ") })),
});

const three = {
  dataset: "flickr8k",
  images: [
    image("a.jpg", "train", "A dog .", "One dog"),
    image("b.jpg", "val", "A cat ."),
    image("c.jpg", "test", "A cow\n ."),
  ],
};

const photos = { "Images/a.jpg": "a", "Images/b.jpg": "b", "Images/c.jpg": "c" };

test("captions and splits of dataset_flickr8k.json", async (folder) => {
  const prepared = await prepareFiles("karpathy", folder, {
    ...photos,
    "dataset_flickr8k.json": three,
  });
  assertEquals(inShort(prepared), [
    "a.jpg train: A dog .",
    "a.jpg train: One dog",
    "b.jpg dev: A cat .",
    "c.jpg test: A cow .",
  ]);
  assertEquals([prepared.rejected, prepared.rows], [[], 4]);
});

test("a caption that a photo has twice is learned from once; of dev and test both are references", async (folder) => {
  const twice = three.images.map((image) => ({
    ...image,
    sentences: [image.sentences[0], ...image.sentences],
  }));
  const files = { ...photos, "dataset_flickr8k.json": { images: twice } };
  const prepared = await prepareFiles("karpathy", folder, files);
  assertEquals(inShort(prepared), [
    "a.jpg train: A dog .",
    "a.jpg train: One dog",
    "b.jpg dev: A cat .",
    "b.jpg dev: A cat .",
    "c.jpg test: A cow .",
    "c.jpg test: A cow .",
  ]);
  assertEquals(rejects(prepared), [
    "dataset_flickr8k.json: image 1, sentence 2 duplicate caption of the photo",
  ]);
});

test("COCO's restval trains unless it is left out; photos lie in their filepath", async (folder) => {
  const coco = {
    images: [
      { ...image("a.jpg", "restval", "A dog ."), filepath: "val2014" },
      { ...image("a.jpg", "train", "A cat ."), filepath: "train2014" },
      { ...image("b.jpg", "val", "A cow ."), filepath: "val2014" },
    ],
  };
  const files = {
    "dataset_coco.json": coco,
    "val2014/a.jpg": "a",
    "train2014/a.jpg": "A",
    "val2014/b.jpg": "b",
  };
  assertEquals(inShort(await prepareFiles("karpathy", folder, files)), [
    "val2014/a.jpg train: A dog .",
    "train2014/a.jpg train: A cat .",
    "val2014/b.jpg dev: A cow .",
  ]);
  assertEquals(
    inShort(await prepareFiles("karpathy", folder, {}, { restval: "none" }))[0],
    "val2014/a.jpg -: A dog .",
  );
});

test("names in composed and decomposed Unicode meet", async (folder) => {
  const prepared = await prepareFiles("karpathy", folder, {
    "dataset_x.json": {
      images: [image("cafe\u0301.jpg", "train", "x"), image("\u00fc.jpg", "val", "y")],
    },
    "Images/caf\u00e9.jpg": "a",
    "Images/u\u0308.jpg": "b",
  });
  assertEquals(inShort(prepared), ["caf\u00e9.jpg train: x", "u\u0308.jpg dev: y"]);
});

test("what cannot be used is rejected with image, sentence and reason", async (folder) => {
  const prepared = await prepareFiles("karpathy", folder, {
    ...photos,
    "dataset_x.json": {
      images: [
        { ...image("a.jpg", "train"), sentences: [{ raw: "" }, {}, { tokens: ["a", "dog"] }] },
        { split: "train", sentences: [] },
        image("z.jpg", "train", "gone"),
        image("b.jpg", "week", "x"),
        null,
      ],
    },
  }, { split: "own" });
  assertEquals(inShort(prepared), ["a.jpg train: a dog"]);
  assertEquals(rejects(prepared), [
    "dataset_x.json: image 1, sentence 1 empty caption",
    "dataset_x.json: image 1, sentence 2 malformed, no raw and no tokens",
    "dataset_x.json: image 2 malformed, no filename or no sentences",
    "dataset_x.json: image 3, sentence 1 no such photo",
    'dataset_x.json: image 4 unknown split "week", not train, val (dev) or test',
    "dataset_x.json: image 5 malformed, no filename or no sentences",
  ]);
});

test("shares are honoured over the file's split", async (folder) => {
  const files = { ...photos, "dataset_x.json": three };
  const split = { train: 0, dev: 0, test: 1 };
  const prepared = await prepareFiles("karpathy", folder, files, { split });
  assert(prepared.captions.every((row) => row.split === "test"));
});

test("each bad file is one sentence with its path", async (folder) => {
  const refused = (files: Parameters<typeof assertRefused>[2], ...parts: string[]) =>
    assertRefused("karpathy", folder, files, {}, ...parts);
  const text = JSON.stringify(three);
  await refused(photos, "dataset_*.json", "dataset.source");
  await refused({ ...photos, "dataset_x.json": "no" }, "dataset_x.json is not JSON");
  await refused({ ...photos, "dataset_x.json": text.slice(0, -30) }, "ends in the middle");
  await refused({ ...photos, "dataset_x.json": text.slice(0, -1) }, "ends in the middle");
  await refused({ ...photos, "dataset_x.json": "" }, "is empty");
  await refused({ ...photos, "dataset_x.json": { images: [{ id: 1 }] } }, "images with sentences");
  await refused(
    { ...photos, "dataset_x.json": new Uint8Array([0x7b, 0x0a, 0xff]) },
    "not UTF-8 in line 2",
  );
  await refused(
    { "dataset_x.json": three, "Images/z.jpg": "" },
    "names no photo",
    "dataset.images",
  );
  await refused(
    { ...photos, "dataset_x.json": three, "dataset_y.json": three },
    "dataset_x.json, dataset_y.json",
    "dataset.captions",
  );
  await assertRefused(
    "karpathy",
    folder,
    { ...photos, "dataset_x.json": three },
    { images: "gone" },
    "gone",
    "dataset.images",
  );
});

test("unknown splits are rejected, val beside eval is refused, tokens stand for a raw text", async (folder) => {
  const cow = { filename: "c.jpg", split: 3, sentences: [{ raw: "A cow" }] };
  const tokens = {
    filename: "d.jpg",
    split: "train",
    sentences: [{ raw: "", tokens: ["a", "d"] }],
  };
  const json = { images: [...three.images.slice(0, 2), cow, tokens] };
  const files = { ...photos, "Images/d.jpg": "d", "dataset_x.json": json };
  const prepared = await prepareFiles("karpathy", folder, files);
  assertEquals(inShort(prepared).at(-1), "d.jpg train: a d");
  assertEquals(rejects(prepared), [
    'dataset_x.json: image 3 unknown split "3", not train, val (dev) or test',
  ]);
  const evaluation = { images: [...three.images.slice(0, 2), { ...cow, split: "eval" }] };
  const others = { ...photos, "dataset_x.json": evaluation };
  await assertRefused("karpathy", folder, others, {}, '"val" and "eval"', "may mean test");
});

test("shares take the place of the split, unknown words of which then reject nothing; that is said", async (folder) => {
  const [a, b, c] = three.images;
  const json = { images: [a, b, { ...c, split: "week" }] };
  const files = { ...photos, "dataset_x.json": json };
  const shares = { train: 1, dev: 0, test: 0 };
  const replaced = await prepareFiles("karpathy", folder, files, { split: shares });
  assertEquals([replaced.captions.length, replaced.rejected], [4, []]);
  assert(replaced.captions.every(({ split }) => split === "train"));
  const note = "its own split (train, dev) is not used, as dataset.split has shares; " +
    "dataset.split=auto obeys it";
  assert(replaced.said.some((line) => line.includes(note)), replaced.said.join("\n"));
  const first = await prepareFiles("karpathy", folder, {}, {
    split: { ...shares, ownFirst: true },
  });
  assert(!first.said.some((line) => line.includes("is not used")), first.said.join("\n"));
});

test("a key that an object has twice is said", async (folder) => {
  const text = JSON.stringify(three).replace('"A cat ."', '"A \\"cat\\": .", "raw": "A dog ."');
  const files = { ...photos, "dataset_x.json": text };
  const { said } = await prepareFiles("karpathy", folder, files);
  const note = 'dataset_x.json has a key more than once, "raw" in line 1: its last value counts';
  assert(said.includes(note), said.join("\n"));
});
