import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { assertRefused, inShort, prepareFiles, rejects } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `coco: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

/** COCO's layout of photos 1, 2, … with a caption each. */
function captions(...names: string[]) {
  return {
    info: { year: 2014 },
    images: names.map((file_name, id) => ({ id, file_name, height: 1 })),
    annotations: names.map((name, image_id) => ({
      id: image_id + 7,
      image_id,
      caption: `A ${name}.`,
    })),
  };
}

const photos = { "train2014/a.jpg": "a", "train2014/b.jpg": "b", "val2014/a.jpg": "c" };
const files = {
  ...photos,
  "annotations/captions_train2014.json": captions("a.jpg", "b.jpg"),
  "annotations/captions_val2014.json": captions("a.jpg"),
};

test("train and val in annotations, each with the photos of its folder", async (folder) => {
  const prepared = await prepareFiles("coco", folder, files);
  assertEquals(inShort(prepared), [
    "train2014/a.jpg train: A a.jpg.",
    "train2014/b.jpg train: A b.jpg.",
    "val2014/a.jpg dev: A a.jpg.",
  ]);
  assert(prepared.said.some((line) => line.includes("captions_val2014.json for dev")));
});

test("dataset.files names files, their splits and photo folders", async (folder) => {
  const prepared = await prepareFiles(
    "coco",
    folder,
    {
      "mine.json": captions("a.jpg"),
      "other.json": captions("b.jpg"),
      "p/q/a.jpg": "a",
      "p/b.jpg": "b",
    },
    {
      images: "p",
      files: [
        { captions: "mine.json", split: "train", images: "q" },
        { captions: "other.json", split: "test" },
      ],
    },
  );
  assertEquals(inShort(prepared), ["q/a.jpg train: A a.jpg.", "b.jpg test: A b.jpg."]);
});

test("one file is split by shares, and that is said", async (folder) => {
  const prepared = await prepareFiles("coco", folder, {
    "captions_val2017.json": captions("a.jpg", "\u00e4.jpg"),
    "val2017/a.jpg": "a",
    "val2017/a\u0308.jpg": "b",
  });
  assertEquals(prepared.captions.length, 2);
  assert(prepared.said.some((line) => line.startsWith("All photos are of dev: 90 %")));
});

test("ids beyond 2^53 are exact", async (folder) => {
  const ids = ["900000000000000001", "900000000000000002"];
  const images = ids.map((id, at) => `{"id": ${id}, "file_name": "${"ab"[at]}.jpg"}`);
  const captions = ids.map((id, at) => `{"image_id": ${id}, "caption": "${"AB"[at]}"}`);
  const prepared = await prepareFiles("coco", folder, {
    "captions_train2017.json": `{"images": [${images}], "annotations": [${captions}]}`,
    "a.jpg": "a",
    "b.jpg": "b",
  }, { split: { train: 1, dev: 0, test: 0 } });
  assertEquals(inShort(prepared), ["a.jpg train: A", "b.jpg train: B"]);
});

test("what cannot be used is rejected with annotation and reason", async (folder) => {
  const json = captions("a.jpg", "gone.jpg");
  const annotations = [
    ...json.annotations,
    { id: 1, image_id: 99, caption: "x" },
    { id: 2, image_id: 0 },
    { id: 3, image_id: 0, caption: " \n" },
    { id: 4, image_id: 0, caption: "A a.jpg.\n" },
  ];
  const prepared = await prepareFiles("coco", folder, {
    ...photos,
    "captions_train2014.json": { ...json, annotations },
  }, { split: { train: 1, dev: 0, test: 0 } });
  assertEquals(rejects(prepared), [
    "captions_train2014.json: annotation 2 no such photo",
    "captions_train2014.json: annotation 3 malformed, its image_id is of no image",
    "captions_train2014.json: annotation 4 malformed, no caption",
    "captions_train2014.json: annotation 5 empty caption",
    "captions_train2014.json: annotation 6 duplicate caption of the photo",
  ]);
});

test("an id that names two photos is said, and neither has its captions", async (folder) => {
  const json = captions("a.jpg", "b.jpg", "c.jpg");
  const images = json.images.map((image) => ({ ...image, id: Math.min(image.id, 1) }));
  const prepared = await prepareFiles("coco", folder, {
    "a.jpg": "a",
    "b.jpg": "b",
    "c.jpg": "c",
    "captions_val2017.json": { ...json, images: [...images, images[0]] },
  });
  assertEquals(prepared.captions.map(({ photo }) => photo), ["a.jpg"]);
  assertEquals(rejects(prepared), [
    "captions_val2017.json: annotation 2 malformed, its image_id is of several images",
    "captions_val2017.json: annotation 3 malformed, its image_id is of no image",
  ]);
  assert(prepared.said.some((line) => line.includes("1 to b.jpg and c.jpg")), prepared.said.join());
});

test("ids are equal as numbers and as texts", async (folder) => {
  const json = captions("a.jpg", "b.jpg");
  const annotations = json.annotations.map((one) => ({ ...one, image_id: `${one.image_id}` }));
  const prepared = await prepareFiles("coco", folder, {
    ...photos,
    "captions_train2014.json": { ...json, annotations },
  });
  assertEquals(prepared.captions.length, 2);
});

test("photos of one split are not those of another that is not there", async (folder) => {
  const train = { "captions_train2014.json": captions("a.jpg") };
  await assertRefused("coco", folder, { ...train, "val2014/a.jpg": "a" }, {}, "val2014/a.jpg");
  const prepared = await prepareFiles("coco", folder, {
    ...train,
    "train/a.jpg": "a",
    "val/a.jpg": "b",
  });
  assertEquals(prepared.captions.map(({ photo }) => photo), ["train/a.jpg"]);
});

test("each bad file is one sentence with its path", async (folder) => {
  const refused = (files: Parameters<typeof assertRefused>[2], ...parts: string[]) =>
    assertRefused("coco", folder, { ...photos, ...files }, {}, ...parts);
  const name = "captions_train2014.json";
  const text = JSON.stringify(captions("a.jpg"));
  await refused({}, "captions_train*.json", "dataset.files");
  await refused({ [name]: "<html>" }, `${name} is not JSON`);
  await refused({ [name]: text.slice(0, 60) }, "ends in the middle");
  await refused({ [name]: [] }, "no lists of images and annotations");
  await refused(
    { [name]: { images: [], annotations: [{ bbox: [] }] } },
    "annotations without captions",
  );
  await refused({ [name]: captions("z.jpg") }, "names no photo", "dataset.images");
  await refused(
    { [name]: captions("a.jpg"), "captions_train2017.json": captions("a.jpg") },
    "captions_train2017.json",
    "dataset.files",
  );
  const settings = { files: [{ captions: "gone.json", split: "train" }] };
  await assertRefused("coco", folder, photos, settings, "There is no", "gone.json");
});

test("annotations without image_id are of no image; lists in captions are each taken", async (folder) => {
  const prepared = await prepareFiles("coco", folder, {
    "a.jpg": "a",
    "b.jpg": "b",
    "captions_train2017.json": {
      images: [{ file_name: "a.jpg" }, { id: 2, file_name: "b.jpg" }],
      annotations: [{ caption: "A" }, { image_id: 2, caption: "['B one.', \"B's two.\"]" }],
    },
  }, { split: { train: 1, dev: 0, test: 0 } });
  assertEquals(inShort(prepared), ["b.jpg train: B one.", "b.jpg train: B's two."]);
  assertEquals(rejects(prepared), ["captions_train2017.json: annotation 1 malformed, no image_id"]);
});

test("shares take the place of the files' splits, and that is said", async (folder) => {
  const split = { train: 1, dev: 0, test: 0 };
  const { said, captions } = await prepareFiles("coco", folder, files, { split });
  assert(captions.every(({ split }) => split === "train"));
  assert(said.some((line) => line.includes("its own split (train, dev) is not used")), said.join());
});

test("a key that an object has twice is said", async (folder) => {
  const text = JSON.stringify(captions("a.jpg", "b.jpg"), null, 1);
  const twice = text.replace('"image_id": 0', '"image_id": 1,\n"image_id" : 0');
  const files = { ...photos, "captions_train2014.json": twice };
  const { said } = await prepareFiles("coco", folder, files);
  const note = "captions_train2014.json has a key more than once";
  assertEquals(said.filter((line) => line.includes("more than once")).length, 1);
  assert(said.some((line) => line.startsWith(`${note}, "image_id" in line `)), said.join("\n"));
  const once = { "captions_train2014.json": text };
  const usual = await prepareFiles("coco", folder, once);
  assert(!usual.said.some((line) => line.includes("more than once")), usual.said.join("\n"));
});
