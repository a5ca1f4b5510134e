import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  readLines,
  type ReadLinesOptions,
  type TextLine,
} from "../../../lib/datasets/files/text_lines.ts";
import { assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { inTempFolder, writeFiles } from "../temp_folder.ts";

const ignore = !granted("read", "write", "env");

async function lines(
  folder: string,
  name: string,
  content: string | Uint8Array,
  options: ReadLinesOptions = {},
) {
  await writeFiles(folder, { [name]: content });
  const found: TextLine[] = [];
  for await (const line of readLines(join(folder, name), options)) found.push(line);
  return found;
}

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `readLines() ${name}`, ignore, fn: () => inTempFolder(fn) });
}

test("takes any line ends and a byte order mark, and counts from 1", async (folder) => {
  const found = await lines(folder, "a.txt", "\ufeffä\r\nb\rc\n\nd");
  assertEquals(found.map(({ line, text }) => `${line}${text}`), ["1ä", "2b", "3c", "4", "5d"]);
  assertEquals(await lines(folder, "b.txt", ""), []);
  assertEquals((await lines(folder, "c.txt", "x\n")).length, 1);
});

test("joins lines and letters that lie across the pieces it reads", async (folder) => {
  const text = ["ü".repeat(100_001), "x", "ß".repeat(200_003)];
  const found = await lines(folder, "a.txt", text.join("\n"));
  assertEquals(found.map((line) => line.text), text);
  assertEquals(found.some(({ reason }) => reason !== undefined), false);
});

test("unpacks .gz, and names one that is cut off", async (folder) => {
  const packed = gzipSync("eins\nzwei\n");
  assertEquals((await lines(folder, "a.de.gz", packed)).map(({ text }) => text), ["eins", "zwei"]);
  const cut = packed.subarray(0, packed.length - 6);
  const error = await assertRejects(
    () => lines(folder, "b.gz", cut),
    Error,
    "is not a complete gzip file: download it again",
  );
  assertEquals(error.message.includes(join(folder, "b.gz")), true);
});

test("keeps the start alone of a line that is too long, and tells the bytes it reads", async (folder) => {
  let bytes = 0;
  const text = `a\n${"x".repeat(600_000)}\nb`;
  const found = await lines(folder, "a.txt", text, {
    longest: 1 << 16,
    onBytes: ({ length }) => bytes += length,
  });
  assertEquals(found.map(({ reason }) => reason), [undefined, "longer than 64 KiB", undefined]);
  assertEquals(found.map(({ text }) => text[0]), ["a", "x", "b"]);
  assertEquals(found.map(({ line }) => line), [1, 2, 3]);
  assertEquals([found[1].text.length < 2000, bytes], [true, text.length]);
});

test("marks lines that are not UTF-8, and refuses UTF-16 and what is not there", async (folder) => {
  const found = await lines(folder, "a.txt", new Uint8Array([0x61, 10, 0xff, 10, 0x62]));
  assertEquals(found.map(({ reason }) => reason), [undefined, "not UTF-8", undefined]);
  const utf16 = new Uint8Array([0xff, 0xfe, 0x61, 0]);
  await assertRejects(() => lines(folder, "b.txt", utf16), Error, "UTF-16");
  const unmarked = new Uint8Array(
    new Uint16Array([..."image,caption"].map((c) => c.charCodeAt(0))).buffer,
  );
  await assertRejects(() => lines(folder, "b.txt", unmarked), Error, "UTF-16");
  const workbook = new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0]);
  await assertRejects(() => lines(folder, "b.csv", workbook), Error, "zip archive");
  await assertRejects(
    async () => await readLines(join(folder, "gone")).next(),
    Error,
    "There is no",
  );
});
