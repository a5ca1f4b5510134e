import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { assertRefused, inShort, prepareFiles, rejects } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `flickr30k: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const photos = { "flickr30k-images/1.jpg": "a", "flickr30k-images/2.jpg": "b" };

test("results_20130124.token, split by shares", async (folder) => {
  const prepared = await prepareFiles("flickr30k", folder, {
    ...photos,
    "results_20130124.token":
      "1.jpg#0\tTwo men .\r\n1.jpg#1\tTwo young men .\r\n2.jpg#0\tA dog\nx\n",
  }, { split: { train: 1, dev: 0, test: 0 } });
  assertEquals(inShort(prepared), [
    "1.jpg train: Two men .",
    "1.jpg train: Two young men .",
    "2.jpg train: A dog",
  ]);
  assertEquals(rejects(prepared), [
    "results_20130124.token:4 malformed, not name#number, tab, caption",
  ]);
});

test("Kaggle's results.csv, whose one row lacks a separator, in the folder that it unpacks to", async (folder) => {
  const prepared = await prepareFiles("flickr30k", folder, {
    "flickr30k_images/flickr30k_images/1.jpg": "a",
    "flickr30k_images/flickr30k_images/2.jpg": "b",
    "flickr30k_images/results.csv": "image_name| comment_number| comment\n" +
      '1.jpg| 0| Two "men" , one | tall .\n2.jpg| 3| A dog .\n2.jpg| 4   A dog runs across grass .\n',
  }, { split: { train: 1, dev: 0, test: 0 } });
  assertEquals(inShort(prepared), [
    'flickr30k_images/1.jpg train: Two "men" , one | tall .',
    "flickr30k_images/2.jpg train: A dog .",
  ]);
  assertEquals(rejects(prepared), ["results.csv:4 malformed, not name| number| caption"]);
});

test("flickr_annotations_30k.csv, a list of captions a row, with its split", async (folder) => {
  const csv = (list: string[], split: string, name: string) =>
    `"${JSON.stringify(list).replaceAll('"', '""')}","[0, 1]",${split},${name},0\n`;
  const prepared = await prepareFiles("flickr30k", folder, {
    ...photos,
    "flickr_annotations_30k.csv": "raw,sentids,split,filename,img_id\n" +
      csv(['Two "young" men.', "Two men, outside."], "train", "1.jpg") +
      csv(["Ein H\u00fcndchen."], "val", "2.jpg") + csv(["x"], "week", "2.jpg") + "short\n",
  });
  assertEquals(inShort(prepared), [
    '1.jpg train: Two "young" men.',
    "1.jpg train: Two men, outside.",
    "2.jpg dev: Ein H\u00fcndchen.",
  ]);
  const shares = await prepareFiles("flickr30k", folder, {}, {
    split: { train: 1, dev: 0, test: 0 },
  });
  assertEquals(rejects(shares), [
    "flickr_annotations_30k.csv:5 malformed, fewer fields than the header",
  ]);
  assert(shares.said.some((line) => line.includes("its own split (train, dev) is not used")));
  assertEquals(rejects(prepared), [
    'flickr_annotations_30k.csv:4 unknown split "week", not train, val (dev) or test',
    "flickr_annotations_30k.csv:5 malformed, fewer fields than the header",
  ]);
});

test("a raw column as Python writes it, and a quotation mark without partner in it", async (folder) => {
  const prepared = await prepareFiles("flickr30k", folder, {
    ...photos,
    "flickr_annotations_30k.csv": "raw,sentids,split,filename,img_id\n" +
      '"[\'Two men.\', ""A man\'s hat.""]","[0, 1]",train,1.jpg,0\n' +
      "\"['open],[0],train,1.jpg,0\n\"['A dog.']\",[0],val,2.jpg,1\n[],[],val,2.jpg,1\n",
  });
  assertEquals(inShort(prepared), [
    "1.jpg train: Two men.",
    "1.jpg train: A man's hat.",
    "2.jpg dev: A dog.",
  ]);
  assertEquals(rejects(prepared), [
    "flickr_annotations_30k.csv:3 malformed, quotation marks do not match",
    "flickr_annotations_30k.csv:5 empty caption",
  ]);
});

test("each bad file is one sentence with its path", async (folder) => {
  const refused = (files: Parameters<typeof assertRefused>[2], ...parts: string[]) =>
    assertRefused("flickr30k", folder, { ...photos, ...files }, {}, ...parts);
  await refused({}, "results_20130124.token", "dataset.source");
  await refused({ "results.csv": "image,caption\n1.jpg,x\n" }, 'begins with "image,caption"');
  await refused({ "results.csv": "" }, "holds no captions");
  await refused(
    { "results.csv": "image_name| comment_number| comment\nx\n" },
    "no row of Flickr30k",
  );
  await refused(
    { "results.csv": "image_name| comment_number| comment\n9.jpg| 0| x\n" },
    "names no photo",
    "dataset.images",
  );
  await refused({ "results.csv": "", "results_20130124.token": "" }, "dataset.captions");
  await refused({ "results.csv": new Uint8Array([0xff, 0xfe, 0x69, 0]) }, "UTF-16");
});

test("bytes that are not UTF-8 reject their row", async (folder) => {
  const bytes = new TextEncoder().encode("1.jpg#0\tA dog\n1.jpg#1\tA ?\n");
  bytes[bytes.lastIndexOf(63)] = 0xff;
  const prepared = await prepareFiles("flickr30k", folder, {
    ...photos,
    "results_20130124.token": bytes,
  });
  assertEquals(rejects(prepared), ["results_20130124.token:2 not UTF-8"]);
  assert(prepared.said.some((line) => line.startsWith("No split of its own: 90 %")));
});
