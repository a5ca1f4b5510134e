import { join } from "node:path";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { assertRefused, inShort, prepareFiles, rejects } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `folder: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const photos = { "a.jpg": "a", "sub/b.jpg": "b" };
const all = { split: { train: 1, dev: 0, test: 0 } };
const both = ["a.jpg train: A dog", "sub/b.jpg train: A cat, asleep"];

const files: Record<string, string | object> = {
  "captions.csv": 'image,caption\na.jpg,A dog\nsub/b.jpg,"A cat, asleep"\n',
  "data.tsv": "\ufefffile_name\ttext\r\na.jpg\tA dog\r\nsub/b.jpg\tA cat, asleep\r\n",
  "semicolons.csv": "Beschreibung;Photo;Comment\nx;a.jpg;A dog\ny;sub\\b.jpg;A cat, asleep\n",
  "list.json": [{ photo: "a", sentences: ["A dog"] }, {
    photo: "b.jpg",
    sentences: "A cat, asleep",
  }],
  "wrapped.json": {
    version: 1,
    data: [{ path: "./a.jpg", text: "A dog" }, { path: "/x/sub/b.jpg", text: "A cat, asleep" }],
  },
  "map.json": { "a.jpg": ["A dog"], "sub/b.jpg": "A cat, asleep" },
  "lines.jsonl":
    '{"image_id": "a", "description": "A dog"}\n\n{"image_id": "b", "description": "A cat, asleep"}\n',
  "lines.json":
    '{"image": "a.jpg", "caption": "A dog"}\n{"image": "b.jpg", "caption": "A cat, asleep"}\n',
};

for (const [name, content] of Object.entries(files)) {
  test(`${name} is recognised, and that is said`, async (folder) => {
    const prepared = await prepareFiles("folder", folder, { ...photos, [name]: content }, all);
    assertEquals(inShort(prepared), both);
    assertEquals(prepared.rejected, []);
    assert(prepared.said[0].includes(`${name} is `) && prepared.said[0].includes("captions from"));
  });
}

test("several columns of captions, empty ones left out, and a column of splits", async (folder) => {
  const prepared = await prepareFiles("folder", folder, {
    ...photos,
    "metadata.csv": "file_name,split,caption_0,caption_1,caption\n" +
      "a.jpg,train,A dog,,One dog\nb.jpg,validation,A cat,Cat,\n",
  });
  assertEquals(inShort(prepared), [
    "a.jpg train: A dog",
    "a.jpg train: One dog",
    "sub/b.jpg dev: A cat",
    "sub/b.jpg dev: Cat",
  ]);
  assert(
    prepared.said[0].endsWith("captions from caption_0, caption_1, caption, splits from split"),
  );
});

test("a name of another folder's photo is rejected, other spellings are taken and said", async (folder) => {
  const prepared = await prepareFiles("folder", folder, {
    "photos/cats/1.JPG": "a",
    "photos/cats/2.jpg": "b",
    "photos/cats/2.txt": "a cat",
    "c.csv": "image,caption\ncats/1.jpg,x\n2,y\ndogs/2.jpg,z\ncats/3.jpg,w\n",
  }, all);
  assertEquals(inShort(prepared), ["photos/cats/1.JPG train: x", "photos/cats/2.jpg train: y"]);
  assertEquals(rejects(prepared), ["c.csv:4 no such photo", "c.csv:5 no such photo"]);
  const said = prepared.said.map((line) => line.replace(folder, "D"));
  for (
    const line of [
      'D/c.csv: 1 name in other upper and lower case, such as "cats/1.jpg" for photos/cats/1.JPG: ' +
      "taken for that",
      "D/c.csv: 1 name with a folder that no photo of that file name is in, such as " +
      '"dogs/2.jpg", while there is photos/cats/2.jpg: rejected',
      'D/c.csv: 1 name of no photo that is there, such as "cats/3.jpg": rejected',
    ]
  ) assert(said.includes(line), said.join("\n"));
});

test("where no name is a photo's, column, name and a photo are shown", async (folder) => {
  const refused = (photo: string, name: string, ...parts: string[]) =>
    assertRefused(
      "folder",
      folder,
      {
        [photo]: "a",
        "c.csv": `image,caption\n${name},x\n`,
      },
      {},
      ...parts,
    );
  await refused(
    "x.png",
    "q.jpg",
    'its column image has "q.jpg"',
    'there is "x.png"',
    "columns.photo",
  );
  await refused("cats/1.jpg", "dogs/1.jpg", '"dogs/1.jpg"', '"cats/1.jpg", in another folder');
  await refused("notes.txt", "1.jpg", "no file that is a photo");
});

test("dataset.columns and dataset.captions name what is meant", async (folder) => {
  const prepared = await prepareFiles("folder", folder, {
    ...photos,
    "one.csv": "image,caption\na.jpg,x\n",
    "two.csv": "Bild,Titel,Satz,Teil\na.jpg,A,B,train\nsub/b.jpg,C,D,test\n",
  }, {
    captions: "two.csv",
    columns: { photo: "Bild", captions: ["Titel", "Satz"], split: "Teil" },
  });
  assertEquals(inShort(prepared), [
    "a.jpg train: A",
    "a.jpg train: B",
    "sub/b.jpg test: C",
    "sub/b.jpg test: D",
  ]);
});

test("names in composed and decomposed Unicode meet, without ending too", async (folder) => {
  const prepared = await prepareFiles("folder", folder, {
    "photos/cafe\u0301.jpg": "a",
    "photos/\u00fc.png": "b",
    "c.csv": "image,caption\ncaf\u00e9.jpg,x\nu\u0308,y\n",
  }, all);
  assertEquals(inShort(prepared), ["photos/cafe\u0301.jpg train: x", "photos/\u00fc.png train: y"]);
});

test("what cannot be used is rejected with its row and reason", async (folder) => {
  const text = new TextEncoder().encode(
    "image,caption,split\na.jpg,,train\nz.jpg,x,train\na.jpg,x\nc.jpg,x,train\na.jpg,x,week\n" +
      ",x,train\na.jpg,?,train\nsub/c.jpg,x,train\na.jpg,A dog,train\na.jpg,A dog,train\n",
  );
  text[text.indexOf(63)] = 0xff;
  const prepared = await prepareFiles("folder", folder, {
    ...photos,
    "sub/c.jpg": "c",
    "more/c.jpg": "C",
    "t.csv": text,
  }, { split: "own" });
  assertEquals(inShort(prepared), ["sub/c.jpg train: x", "a.jpg train: A dog"]);
  assertEquals(rejects(prepared), [
    "t.csv:2 empty caption",
    "t.csv:3 no such photo",
    "t.csv:4 malformed, fewer fields than the header",
    "t.csv:5 several photos of that name",
    't.csv:6 unknown split "week", not train, val (dev) or test',
    "t.csv:7 malformed, no image",
    "t.csv:8 not UTF-8",
    "t.csv:11 duplicate caption of the photo",
  ]);
});

test("JSON lines: a broken line is rejected, a broken end is refused", async (folder) => {
  const lines = ['{"image": "a.jpg", "caption": "A dog"}', "no", "[1]", '{"image": "a.jpg"}'];
  const prepared = await prepareFiles("folder", folder, {
    ...photos,
    "l.jsonl": lines.join("\n"),
  }, all);
  assertEquals(rejects(prepared), [
    "l.jsonl:2 malformed, not JSON",
    "l.jsonl:3 malformed, not a JSON object",
    "l.jsonl:4 empty caption",
  ]);
  const cut = `${lines[0]}\n${lines[0].slice(0, -9)}`;
  await assertRefused("folder", folder, { ...photos, "l.jsonl": cut }, {}, "ends in the middle");
});

test("a photo in two splits is refused with its name, unless shares are asked for", async (folder) => {
  const files = {
    ...photos,
    "c.csv": "image,caption,split\na.jpg,x,train\na.jpg,y,test\nb.jpg,z,val\n",
  };
  assertEquals((await prepareFiles("folder", folder, files, all)).captions.length, 3);
  await assertRefused("folder", folder, files, {}, "a.jpg is in train and in test", "c.csv:3");
});

test("each bad file is one sentence with its path", async (folder) => {
  const refused = (files: Parameters<typeof assertRefused>[2], ...parts: string[]) =>
    assertRefused("folder", folder, { ...photos, ...files }, {}, ...parts);
  const csv = "image,caption\na.jpg,x\n";
  await refused({}, "no CSV, TSV, JSON or JSON lines file", "dataset.source");
  await refused({ "a.csv": csv, "b.jsonl": "{}" }, "a.csv, b.jsonl", "dataset.captions");
  await refused({ "a.csv": "" }, "a.csv is empty");
  await refused({ "a.csv": "image,caption\n" }, "a.csv holds no captions");
  await refused({ "a.csv": "hello\nyou\n" }, 'begins with "hello"', "header");
  await refused({ "a.csv": "image,words\na.jpg,x\n" }, "columns image, words", "columns.captions");
  await refused({ "a.csv": "thing,caption\na.jpg,x\n" }, "columns thing, caption", "columns.photo");
  await refused({ "a.csv": "image,caption\nz.jpg,x\n" }, "names no photo", "dataset.images");
  await refused({ "a.csv": "image,caption\na.jpg,\n" }, "no caption that can be used", "empty");
  await refused(
    { "a.csv": "image,caption\nx.jpg,b\ny.jpg,b\na.jpg,\n" },
    "3 rows rejected: no such photo (2), empty caption (1): put its photos into ",
    "or set dataset.images",
  );
  await refused({ "a.csv": new Uint8Array([0xfe, 0xff, 0, 0x69]) }, "UTF-16");
  await refused({ "a.json": "[{]" }, "a.json is not JSON");
  await refused({ "a.json": '[{"image": "a.jpg"' }, "a.json ends in the middle");
  await refused({ "a.json": "[]" }, "a.json holds no captions");
  await refused({ "a.json": "[1, 2]" }, "holds no captions", "not a JSON object");
  await refused({ "a.json": { a: 1 } }, "neither a list of objects nor captions by photo");
  await refused({ "a.json": { images: [], annotations: [] } }, 'dataset.kind to "coco"');
  await refused({ "a.json": { images: [{ sentences: [] }] } }, 'dataset.kind to "karpathy"');
  const file = { source: join(folder, "a.csv") };
  await Deno.writeTextFile(file.source, csv);
  await assertRefused("folder", folder, photos, file, "a.csv is a file", "dataset.source");
  const named = { columns: { captions: "Satz" } };
  await assertRefused("folder", folder, { ...photos, "a.csv": csv }, named, "no column Satz");
  await assertRefused(
    "folder",
    folder,
    { ...photos, "a.csv": csv },
    { captions: "b.csv" },
    "b.csv",
  );
  await assertRefused(
    "folder",
    folder,
    { ...photos, "a.csv": csv },
    { split: "own" },
    "no split of",
  );
});
