import { join } from "node:path";
import { readCaptions } from "../../../lib/datasets/open_images/read_captions.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { inTempFolder, writeFiles } from "../temp_folder.ts";

const ignore = !granted("read", "write", "env");
const id = (number: number) => number.toString(16).padStart(16, "0");
const json = (number: number, caption: unknown) =>
  JSON.stringify({
    dataset_id: "open_images_train",
    image_id: id(number),
    annotator_id: 3,
    caption,
  });

function test(name: string, fn: (folder: string) => Promise<void>, needs = true) {
  Deno.test({
    name: `readCaptions() ${name}`,
    ignore: ignore || !needs,
    fn: () => inTempFolder(fn),
  });
}

const found = (row: string, number: number, caption: string) => ({ row, id: id(number), caption });

test("takes JSON lines: the first caption of each id that can be used", async (folder) => {
  await writeFiles(folder, {
    "captions.jsonl": "\ufeff" + [
      json(1, " Two dogs.\n Ein Mädchen läuft. "),
      "",
      json(2, ""),
      json(1, "later"),
      json(2, "A cat.\r"),
      json(3, null),
      "[1]",
      "null",
      '{"image_id"',
      '{"caption":"a"}',
      JSON.stringify({ image_id: "../../../etc/passwd", caption: "a" }),
      JSON.stringify({ image_id: "00000000000000AB", caption: "a" }),
      json(4, "last, without an end"),
    ].join("\r\n"),
  });
  const { rows, repeated, path } = await readCaptions(folder, undefined, 10);
  assertEquals(path, join(folder, "captions.jsonl"));
  assertEquals(repeated, 1);
  const notAnId = "malformed, image_id is not 16 hexadecimal digits";
  assertEquals(rows, [
    found("captions.jsonl:1", 1, "Two dogs. Ein Mädchen läuft."),
    { row: "captions.jsonl:3", reason: "empty caption" },
    found("captions.jsonl:5", 2, "A cat."),
    { row: "captions.jsonl:6", reason: "no caption" },
    { row: "captions.jsonl:7", reason: "malformed, not a JSON object" },
    { row: "captions.jsonl:8", reason: "malformed, not a JSON object" },
    { row: "captions.jsonl:9", reason: "malformed, not JSON" },
    { row: "captions.jsonl:10", reason: "no image_id" },
    { row: "captions.jsonl:11", reason: notAnId },
    { row: "captions.jsonl:12", reason: notAnId },
    found("captions.jsonl:13", 4, "last, without an end"),
  ]);
});

test("reads lines with traces that are longer than any piece read at once", async (folder) => {
  const traces = [Array.from({ length: 100_000 }, (_, t) => ({ x: 0.5, y: 0.25, t }))];
  const line = JSON.stringify({ ...JSON.parse(json(1, "A long one.")), traces });
  assert(line.length > 2 << 20, `${line.length}`);
  const bytes = new TextEncoder().encode(`${line}\n${json(2, "A short one.")}\n`);
  const invalid = [...bytes, 0x7b, 0xff, 0x7d, 10, ...new TextEncoder().encode(json(3, "c"))];
  await writeFiles(folder, { "narratives.jsonl": new Uint8Array(invalid) });
  const { rows } = await readCaptions(folder, undefined, 10);
  assertEquals(rows, [
    found("narratives.jsonl:1", 1, "A long one."),
    found("narratives.jsonl:2", 2, "A short one."),
    { row: "narratives.jsonl:3", reason: "not UTF-8" },
    found("narratives.jsonl:4", 3, "c"),
  ]);
});

test("takes CSV with the columns anywhere; a lost quotation mark costs its row alone", async (folder) => {
  await writeFiles(folder, {
    "captions.csv": "\ufeff,image_id,caption\r\n" + [
      `0,${id(1)},"Two dogs, one ""big"",\nand a cat"`,
      "",
      "",
      `1,${id(2)},plain, with commas and a 5" board`,
      `2,${id(3)},"open`,
      `3,${id(4)},closed later"`,
      `4,${id(5)},"never closed`,
      "",
      `5,${id(6)},x`,
      "6,short",
      `7,${id(7)},`,
    ].join("\n"),
  });
  const { rows } = await readCaptions(folder, undefined, 10);
  const reason = "malformed, quotation marks do not match";
  assertEquals(rows, [
    found("captions.csv:2", 1, 'Two dogs, one "big", and a cat'),
    found("captions.csv:6", 2, 'plain, with commas and a 5" board'),
    { row: "captions.csv:7", reason },
    found("captions.csv:8", 4, 'closed later"'),
    { row: "captions.csv:9", reason },
    found("captions.csv:11", 6, "x"),
    { row: "captions.csv:12", reason: "malformed, fewer fields than the header" },
    { row: "captions.csv:13", reason: "empty caption" },
  ]);
});

test("takes Parquet, in batches, with the columns among others", async (folder) => {
  const { default: pl } = await import("nodejs-polars");
  const numbers = Array.from({ length: 45_000 }, (_, i) => i);
  pl.DataFrame({
    url: numbers.map(String),
    caption: numbers.map((i) => i === 1 ? null : `caption ${i}`),
    image_id: numbers.map((i) => id(i % 44_000)),
  }).writeParquet(join(folder, "captions.parquet"));
  const { rows, repeated } = await readCaptions(folder, undefined, 50_000);
  assertEquals([rows.length, repeated], [44_001, 999]); // the second of id 1 is its first to be used
  assertEquals(rows.slice(0, 2), [
    found("captions.parquet:1", 0, "caption 0"),
    { row: "captions.parquet:2", reason: "no caption" },
  ]);
  assertEquals(rows.at(-1), found("captions.parquet:44002", 1, "caption 44001"));
}, granted("ffi"));

test("ends at the limit, in the order of the files, whatever comes after", async (folder) => {
  await writeFiles(folder, {
    "b.csv": `image_id,caption\n${id(2)},b2\n${id(3)},b3\n${id(4)},b4\n`,
    "a.jsonl": `${json(1, "a1")}\n${json(2, "a2")}\n`,
    "photos.txt": "no captions",
    ".hidden.jsonl": "none",
  });
  const captions = async (files: string[] | undefined, limit: number) =>
    (await readCaptions(folder, files, limit)).rows.map((row) => "id" in row && row.caption);
  assertEquals(await captions(undefined, 3), ["a1", "a2", "b3"]);
  assertEquals(await captions(["b.csv", "a.jsonl"], 9), ["b2", "b3", "b4", "a1"]);
  const { digest } = await readCaptions(folder, undefined, 3);
  await Deno.writeTextFile(join(folder, "b.csv"), `image_id,caption\n${id(3)},b3\nwhatever`);
  assertEquals((await readCaptions(folder, undefined, 3)).rows.length, 3);
  await Deno.writeTextFile(join(folder, "b.csv"), `image_id,caption\n${id(3)},other\n`);
  assert((await readCaptions(folder, undefined, 3)).digest !== digest, "another caption");
});

test("names the file and what to do when it cannot be read", async (folder) => {
  const fails = async (files: Record<string, string | Uint8Array>, ...parts: string[]) => {
    const source = await Deno.makeTempDir({ dir: folder });
    await writeFiles(source, files);
    const error = await assertRejects(() => readCaptions(source, undefined, 10), Error);
    for (const part of [source, ...parts]) assert(error.message.includes(part), error.message);
    assert(!error.message.includes("\n"), error.message);
  };
  await fails({ "readme.txt": "" }, "no .jsonl, .csv or .parquet file", "dataset.captions");
  await fails({ "a.jsonl": "" }, "a.jsonl holds no captions");
  await fails({ "a.csv": "" }, "a.csv holds no captions");
  await fails({ "a.csv": `image,caption\n${id(1)},x\n` }, "begins with", "image_id and caption");
  await fails({ "a.jsonl": new Uint8Array([0xff, 0xfe, 0x7b, 0]) }, "a.jsonl is UTF-16");
  await fails({ "a.csv": new Uint8Array([0xff, 0xfe, 0x7b, 0]) }, "a.csv is UTF-16");
  const named = (file: string) => readCaptions(folder, [file], 10);
  await assertRejects(() => named("gone.jsonl"), Error, `no file ${join(folder, "gone.jsonl")}`);
  await writeFiles(folder, { "a.tsv": "x" });
  await assertRejects(
    () => named("a.tsv"),
    Error,
    "a.tsv (dataset.captions) ends in none of .jsonl, .csv and .parquet: rename it by its format",
  );
  if (!granted("ffi")) return;
  await fails(
    { "a.parquet": "PAR1 and no more PAR1" },
    "a.parquet is not a Parquet file, or is damaged: download it again",
  );
  const { default: pl } = await import("nodejs-polars");
  pl.DataFrame({ image_id: [id(1)], text: ["x"] }).writeParquet(join(folder, "b.parquet"));
  await assertRejects(
    () => named("b.parquet"),
    Error,
    "b.parquet lacks the column image_id or caption: name another file in dataset.captions",
  );
});

test("refuses Parquet with any byte changed, or reads it: the process lives", async (folder) => {
  const { default: pl } = await import("nodejs-polars");
  const path = join(folder, "captions.parquet");
  pl.DataFrame({ image_id: [id(1), id(2)], caption: ["a dog", "a cat"] }).writeParquet(path);
  const whole = await Deno.readFile(path);
  for (let at = 0; at < whole.length; at++) {
    const changed = whole.slice();
    changed[at] ^= 1 << at % 8;
    await Deno.writeFile(path, changed);
    await readCaptions(folder, undefined, 10).catch(({ message }) => {
      assert(message.includes("captions.parquet"), message);
    });
  }
}, granted("ffi"));
