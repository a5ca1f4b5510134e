import { join } from "node:path";
import { datasetSettings, describeRejections } from "../../lib/datasets/mod.ts";
import { sha256 } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { fingerprintDataset, prepareDataset } from "./prepare_files.ts";
import { inTempFolder, writeFiles } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

async function prepare(
  folder: string,
  files: Record<string, string | Uint8Array>,
  settings = {},
) {
  await writeFiles(folder, files);
  const said: string[] = [];
  const prepared = await prepareDataset(
    datasetSettings.parse({ kind: "flickr8k", source: folder, maxRejected: 0.9, ...settings }),
    { folder, say: (line) => said.push(line) },
  );
  return { ...prepared, said };
}

/** Photos a, b, … with a caption each. */
function album(letters: string, more: Record<string, string | Uint8Array> = {}) {
  const photos = letters.split("").map((letter) => [`Images/${letter}.jpg`, letter]);
  const rows = letters.split("").map((letter) => `${letter}.jpg,caption of ${letter}\n`);
  return {
    ...Object.fromEntries(photos),
    "captions.txt": `image,caption\n${rows.join("")}`,
    ...more,
  };
}

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `flickr8k: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

test("Kaggle's layout: quotes, commas, BOM, CRLF, non-ASCII names and captions", async (folder) => {
  const { captions, rejected, photoFolder } = await prepare(folder, {
    "captions.txt": "\ufeffimage,caption\r\n" +
      'a.jpg,"Two dogs, one ""big"""\r\nнебо.jpg,Ein Mädchen läuft .\r\n' +
      'cafe\u0301.jpg,"deux\r\nlignes"\r\n',
    "Images/a.jpg": "a",
    "Images/небо.jpg": "b",
    "Images/caf\u00e9.jpg": "c",
  });
  assertEquals(rejected, []);
  assertEquals(photoFolder, join(folder, "Images"));
  assertEquals(
    captions.map(({ photo, caption }) => [photo, caption]),
    [
      ["a.jpg", 'Two dogs, one "big"'],
      ["небо.jpg", "Ein Mädchen läuft ."],
      ["caf\u00e9.jpg", "deux lignes"],
    ],
  );
  assertEquals(captions[0].digest, sha256("a"));
});

test("the original layout, with its lists, its folder's name and its broken id", async (folder) => {
  const { captions, rejected } = await prepare(folder, {
    "Flickr8k.token.txt": "a.jpg#0\tA dog , running .\na.jpg#1\tA dog .\nb.jpg#0\tA cat .\n" +
      "c.jpg#0\tA bird .\nd.jpg#0\tA cow .\n2258277193_586949ec62.jpg.1#0\tA train .\n",
    "Flickr_8k.trainImages.txt": "a.jpg\r\n",
    "Flickr_8k.devImages.txt": "b.jpg\n",
    "Flickr_8k.testImages.txt": "c.jpg",
    "Flicker8k_Dataset/a.jpg": "a",
    "Flicker8k_Dataset/b.jpg": "b",
    "Flicker8k_Dataset/c.jpg": "c",
    "Flicker8k_Dataset/d.jpg": "d",
  });
  assertEquals(
    captions.map(({ photo, caption, split }) => [photo, caption, split]),
    [
      ["a.jpg", "A dog , running .", "train"],
      ["a.jpg", "A dog .", "train"],
      ["b.jpg", "A cat .", "dev"],
      ["c.jpg", "A bird .", "test"],
      ["d.jpg", "A cow .", ""],
    ],
  );
  assertEquals(rejected, [{
    row: "Flickr8k.token.txt:6",
    reason: "known broken id, a photo that Flickr8k never had",
  }]);
});

test("lists in the caption's column; a quotation mark without partner costs its row", async (folder) => {
  const { captions, rejected } = await prepare(folder, {
    "captions.txt": 'image,caption\na,"[\'A dog\', ""A man\'s dog""]"\na,"open\nb,x\nb,closed"\n',
    "Images/a": "a",
    "Images/b": "b",
  });
  assertEquals(captions.map(({ photo, caption }) => `${photo} ${caption}`), [
    "a A dog",
    "a A man's dog",
    "b x",
    'b closed"',
  ]);
  assertEquals(rejected.map(({ row }) => row), ["captions.txt:3"]);
});

test("captions.txt wins over Flickr8k.token.txt", async (folder) => {
  const { captions } = await prepare(
    folder,
    album("a", { "Flickr8k.token.txt": "a.jpg#0\tother\n" }),
  );
  assertEquals(captions.map((row) => row.caption), ["caption of a"]);
});

test("what cannot be used is rejected with its row and reason, and counted", async (folder) => {
  const bytes = new TextEncoder();
  const { captions, rejected } = await prepare(folder, {
    "Images/a.jpg": "a",
    "Images/b.jpg": "b",
    "captions.txt": new Uint8Array([
      ...bytes.encode("image,caption\na.jpg,one\nb.jpg,\nc.jpg,none\na.jpg,one\nno comma\n"),
      ...bytes.encode('b.jpg,"open\nb.jpg,'),
      0xff,
      ...bytes.encode("\n../z.jpg,two\nb.jpg,one\n"),
    ]),
  }, { split: { train: 1, dev: 0, test: 0 } });
  assertEquals(captions.map(({ photo, caption }) => `${photo} ${caption}`), [
    "a.jpg one",
    "b.jpg one",
  ]);
  assertEquals(rejected.map(({ row, reason }) => `${row} ${reason}`), [
    "captions.txt:3 empty caption",
    "captions.txt:4 no such photo",
    "captions.txt:5 duplicate caption of the photo",
    "captions.txt:6 malformed, not image,caption",
    "captions.txt:7 malformed, quotation marks do not match",
    "captions.txt:8 not UTF-8",
    "captions.txt:9 no such photo",
  ]);
  assert(describeRejections(rejected).startsWith("7 rows rejected: no such photo (2), "));
});

test("duplicates stay where the settings say so", async (folder) => {
  const files = album("a", { "captions.txt": "image,caption\na.jpg,x\na.jpg,x\n" });
  const split = { train: 1, dev: 0, test: 0 };
  const kept = await prepare(folder, files, { duplicates: "keep", split });
  assertEquals(kept.captions.length, 2);
});

test("more rejected rows than dataset.maxRejected are an error with the reasons", async (folder) => {
  const files = album("ab", { "captions.txt": "image,caption\na.jpg,x\nc.jpg,y\nb.jpg,\n" });
  const refused = (maxRejected?: number) =>
    assertRejects(() => prepare(folder, files, { maxRejected }), Error, "dataset.maxRejected");
  const error = await refused(0.5);
  assert(error.message.includes("no such photo (1), empty caption (1)"), error.message);
  assert(error.message.includes("captions.txt:3"), error.message);
  await refused(1);
  await refused(undefined);
  assertEquals((await prepare(folder, files, { maxRejected: 2 })).captions.length, 1);
  assertEquals((await prepare(folder, files, { maxRejected: 0.7 })).captions.length, 1);
});

test("each thing that is missing is one sentence with its path", async (folder) => {
  const fails = async (files: Record<string, string>, ...parts: string[]) => {
    const source = await Deno.makeTempDir({ dir: folder });
    const error = await assertRejects(() => prepare(source, files), Error);
    for (const part of [source, ...parts]) assert(error.message.includes(part), error.message);
    assert(!error.message.includes("\n"), error.message);
  };
  await fails({ "Images/a.jpg": "" }, "captions.txt", "dataset.source");
  await fails({ "captions.txt": "image,caption\na.jpg,x\n" }, "Images", "dataset.images");
  await fails({ "captions.txt": "", "Images/a.jpg": "" }, "captions.txt", "no captions");
  await fails({ "captions.txt": "image,caption\n", "Images/a.jpg": "" }, "no captions");
  await fails({ "captions.txt": "a.jpg,x\n", "Images/a.jpg": "" }, "header image,caption");
  await fails({ "captions.txt": "image,caption\na.jpg,x\n", "Images/b.jpg": "" }, "no photo");
  await fails({ "captions.txt": "image,caption\na.jpg,\n", "Images/a.jpg": "" }, "empty caption");
  await fails({ "Flickr8k.token.txt": "a.jpg,x\n", "Images/a.jpg": "" }, "name.jpg#0");
  const gone = join(folder, "gone");
  const settings = datasetSettings.parse({ kind: "flickr8k", source: gone });
  const error = await assertRejects(() => prepareDataset(settings, { folder }), Error, gone);
  assert(error.message.includes("dataset.source"));
});

test("UTF-16 is named as what it is", async (folder) => {
  const text = new Uint8Array([0xff, 0xfe, 0x69, 0]);
  await assertRejects(() => prepare(folder, album("a", { "captions.txt": text })), Error, "UTF-16");
});

test("dataset.images names the photo folder, relative to source or absolute", async (folder) => {
  const files = { "captions.txt": "image,caption\na.jpg,x\n", "my photos/a.jpg": "a" };
  const images = join(folder, "my photos");
  assertEquals((await prepare(folder, files, { images: "my photos" })).photoFolder, images);
  assertEquals((await prepare(folder, files, { images })).photoFolder, images);
});

test("without lists the photos are split 90, 5, 5, and that is said", async (folder) => {
  const letters = "abcdefghijklmnopqrst";
  const { captions, said } = await prepare(folder, album(letters));
  const of = (split: string) => captions.filter((row) => row.split === split).length;
  assertEquals([of("train"), of("dev"), of("test")], [18, 1, 1]);
  assert(said.some((line) => line.includes("No split lists")));
  await assertRejects(() => prepare(folder, {}, { split: "lists" }), Error, "trainImages.txt");
});

test("shares are honoured in file order, over lists that are there", async (folder) => {
  const { captions, said } = await prepare(
    folder,
    album("abcdefghij", { "Flickr_8k.trainImages.txt": "j.jpg\n" }),
    { split: { train: 0.7, dev: 0, test: 0.3, order: "file" } },
  );
  assertEquals(captions.map((row) => row.split[1]).join(""), "rrrrrrreee");
  const note = "Flickr_8k.trainImages.txt: the lists of the official split are not read, as";
  assert(said.some((line) => line.includes(note)), said.join());
});

test("a photo in two lists is refused with its name", async (folder) => {
  const files = album("ab", {
    "Flickr_8k.trainImages.txt": "a.jpg\nb.jpg\n",
    "Flickr_8k.testImages.txt": "b.jpg\n",
  });
  const error = await assertRejects(() => prepare(folder, files), Error, "b.jpg");
  assert(error.message.includes("testImages.txt") && error.message.includes("1 photo is"));
});

test("lists may name photos without ending, with folders, in other case", async (folder) => {
  const { captions, said } = await prepare(
    folder,
    album("abcd", {
      "Flickr_8k.trainImages.txt": "a\n/data/Flicker8k_Dataset/b.jpg\n",
      "Flickr_8k.devImages.txt": "C.JPG\n",
      "Flickr_8k.testImages.txt": "d.jpg\n",
    }),
  );
  assertEquals(captions.map((row) => row.split), ["train", "train", "dev", "test"]);
  assert(said.some((line) => line.includes('other upper and lower case, such as "C.JPG"')));
  await assertRejects(
    () => prepare(folder, album("a", { "Flickr_8k.trainImages.txt": "x\ny\n" })),
    Error,
    '"x", for example',
  );
});

test("a list naming unknown photos is said, and an equal photo in train and test", async (folder) => {
  const { said } = await prepare(
    folder,
    album("ab", {
      "Images/b.jpg": "a",
      "Flickr_8k.trainImages.txt": "a.jpg\nz.jpg\n",
      "Flickr_8k.testImages.txt": "b.jpg\n",
    }),
  );
  assert(said.some((line) => line.includes("trainImages.txt lists 1 of 2") && /z\.jpg/.test(line)));
  assert(
    said.some((line) =>
      line.includes("under another name, such as b.jpg of test (a.jpg): scores will be too good")
    ),
  );
});

test("limit takes the first photos of each split and is not counted as rejection", async (folder) => {
  const lists = {
    "Flickr_8k.trainImages.txt": "a.jpg\nb.jpg\nc.jpg\n",
    "Flickr_8k.testImages.txt": "d.jpg\n",
  };
  const files = album("abcd", lists);
  files["captions.txt"] += "z.jpg,not there\n";
  const { captions } = await prepare(folder, files, { limit: 1, maxRejected: 0.2 });
  assertEquals(captions.map((row) => row.photo), ["a.jpg", "d.jpg"]);
});

test("fingerprint() tells changed captions, photos and lists from unchanged", async (folder) => {
  await writeFiles(folder, album("ab"));
  const settings = datasetSettings.parse({ kind: "flickr8k", source: folder });
  const print = () => fingerprintDataset(settings, { folder });
  const prints = [await print()];
  assertEquals(await print(), prints[0]);
  await writeFiles(folder, { "Images/b.jpg": "B" });
  prints.push(await print());
  await writeFiles(folder, { "captions.txt": "image,caption\na.jpg,x\n" });
  prints.push(await print());
  await writeFiles(folder, { "Flickr_8k.trainImages.txt": "a.jpg\n" });
  prints.push(await print());
  assertEquals(new Set(prints).size, 4);
});

test("a split list of another encoding is refused", async (folder) => {
  const latin1 = Uint8Array.from("b\xe9.jpg\n", (letter) => letter.charCodeAt(0));
  const error = await assertRejects(
    () => prepare(folder, { ...album("a"), "Flickr_8k.devImages.txt": latin1 }),
    Error,
  );
  assert(error.message.endsWith("devImages.txt is not UTF-8 in line 1: save it as UTF-8"));
});
