import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { assertRefused, type Files, inShort, prepareFiles, rejects } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `folder: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const three = { "a.jpg": "a", "b.jpg": "b", "c.jpg": "c" };
const all = { split: { train: 1, dev: 0, test: 0 }, markers: "keep" };

/** Captions of `a.jpg`, `b.jpg` and `c.jpg` in short: `a A dog|a One dog`. */
async function captions(folder: string, files: Files, settings: object = all) {
  const source = await Deno.makeTempDir({ dir: folder });
  const prepared = await prepareFiles("folder", source, { ...three, ...files }, settings);
  const found = inShort(prepared).map((line) => line.replace(/^(\w+)\.jpg \S+: /, "$1 "));
  return { found: found.join("|"), rejected: rejects(prepared).join("|"), said: prepared.said };
}

test("lists of captions in a column, as Python, numpy and JSON write them", async (folder) => {
  const lists = {
    a: `['A dog runs.', "A man's dog sits."]`,
    b: `('A cat sits.', 'Two cats, asleep.')`,
    c: `["A bird." "It \\"sings\\"."]`,
  };
  const right = "a A dog runs.|a A man's dog sits.|b A cat sits.|b Two cats, asleep.|" +
    'c A bird.|c It "sings".';
  const rows = Object.entries(lists);
  const csv = rows.map(([name, list]) => `${name}.jpg,"${list.replaceAll('"', '""')}"\n`);
  const lines = rows.map(([name, list]) => JSON.stringify({ image: name, captions: list }));
  for (
    const files of [
      { "t.csv": `image,captions\n${csv.join("")}` },
      { "t.csv": "image,captions\n" + rows.map(([name, list]) => `${name},${list}\n`).join("") },
      { "t.tsv": "image\tcaptions\n" + rows.map(([name, list]) => `${name}\t${list}\n`).join("") },
      { "t.jsonl": lines.join("\n") },
      { "t.json": `[${lines}]` },
    ] as Files[]
  ) assertEquals((await captions(folder, files)).found, right, JSON.stringify(files));
  const cut = await captions(folder, { "t.tsv": "image\tcaption\na\tA dog\nb\t['A', 'B\n" });
  assertEquals(cut.rejected, "t.tsv:3 malformed, a list without its end");
  const stay = await captions(folder, { "t.tsv": "image\tcaption\na\t[Music] A man\nb\t(a, b)\n" });
  assertEquals(stay.found, "a [Music] A man|b (a, b)");
});

test("lists of single words are one caption each, and that is said", async (folder) => {
  const csv = "image,caption\na.jpg,\"['a', 'dog', 'runs', '.']\"\nb.jpg,\"['a', 'cat']\"\n";
  const { found, said } = await captions(folder, { "t.csv": csv });
  assertEquals(found, "a a dog runs .|b a cat");
  assert(said.some((line) => line.includes("joined to one caption each")));
});

for (
  const [where, header, row] of [
    ["last, ids without ending", "caption,image", (id: number) => `A dog ${id % 7},${id}`],
    ["first, ids without ending", "image,caption", (id: number) => `${id},A dog ${id % 7}`],
    ["in the middle", "n,image,caption", (id: number) => `${id % 3},${id},A dog ${id % 7}`],
  ] as const
) {
  test(`a quotation mark without partner costs its row, the photo being ${where}`, async (folder) => {
    const ids = Array.from({ length: 1000 }, (_, index) => 5000 + 3 * index);
    const rows = ids.map((id) => row(id));
    rows[10] = rows[10].replace("A dog", '"A dog');
    rows[900] = rows[900].replace(/A dog \d/, '$&"'); // where the field would end
    const photos = Object.fromEntries(ids.map((id) => [`${id}.jpg`, String(id)]));
    const prepared = await prepareFiles("folder", folder, {
      ...photos,
      "t.csv": [header, ...rows, ""].join("\n"),
    }, all);
    assertEquals(rejects(prepared), ["t.csv:12 malformed, quotation marks do not match"]);
    assertEquals(prepared.captions.length, 999);
  });
}

test("a quoted field over several lines stays whole, wherever the photo is", async (folder) => {
  const right = "a A dog runs, fast|b Two or three, lines|c x";
  for (
    const csv of [
      'caption,image\n"A dog\nruns, fast",a.jpg\n"Two or\n\nthree, lines",b.jpg\nx,c.jpg\n',
      'image,caption,url\na,"A dog\nruns, fast",x/a.jpg\nb,"Two or\nthree, lines",x/b.jpg\nc,x,x/c.jpg\n',
    ]
  ) {
    const { found, rejected } = await captions(folder, { "t.csv": csv });
    assertEquals([found, rejected], [right, ""]);
  }
});

test("ids beyond 2^53 are exact in JSON and JSON lines", async (folder) => {
  const [one, two] = ["1237649770260463687", "1237649770260463688"];
  const rows = [`{"image_id": ${one}, "caption": "A"}`, `{"image_id": ${two}, "caption": "B"}`];
  for (const files of [{ "t.jsonl": rows.join("\n") }, { "t.json": `[${rows}]` }] as Files[]) {
    const source = await Deno.makeTempDir({ dir: folder });
    const photos = { [`${one}.jpg`]: "1", [`${two}.jpg`]: "2" };
    const prepared = await prepareFiles("folder", source, { ...photos, ...files }, all);
    assertEquals(inShort(prepared), [`${one}.jpg train: A`, `${two}.jpg train: B`]);
  }
});

test("JSON by photo, by split and by column, with its splits", async (folder) => {
  const splits = { "a.jpg": "train", "b.jpg": "val", "c.jpg": "test" };
  const entries = Object.entries(splits);
  const byPhoto = (value: (photo: string, split: string) => object) =>
    Object.fromEntries(entries.map(([photo, split]) => [photo, value(photo, split)]));
  const names = Object.keys(splits);
  const layouts: object[] = [
    byPhoto((_, split) => ({ caption: "x", split })),
    byPhoto((_, split) => ({ captions: ["x"], split, width: 3 })),
    byPhoto((photo, split) => ({ sentences: [{ raw: "x", tokens: ["x"] }], split, photo })),
    Object.fromEntries(entries.map(([photo, split]) => [split, { [photo]: ["x"] }])),
    Object.fromEntries(entries.map(([image, split]) => [split, [{ image, caption: "x" }]])),
    { image: names, caption: ["x", "x", "x"], split: Object.values(splits) },
    {
      image: { ...names },
      caption: { ...["x", "x", "x"] },
      split: { ...Object.values(splits) },
    },
    {
      columns: ["image", "caption", "split"],
      index: [0, 1, 2],
      data: entries.map(([image, split]) => [image, "x", split]),
    },
    { ...entries.map(([image, split]) => ({ image, caption: "x", split })) },
    { version: 1, data: byPhoto((_, split) => ({ caption: "x", split })) },
  ];
  for (const json of layouts) {
    const source = await Deno.makeTempDir({ dir: folder });
    const prepared = await prepareFiles("folder", source, { ...three, "t.json": json });
    assertEquals(
      inShort(prepared),
      ["a.jpg train: x", "b.jpg dev: x", "c.jpg test: x"],
      JSON.stringify(json),
    );
  }
  const pairs = await captions(folder, { "t.json": [["a.jpg", "A"], ["b.jpg", ["B", "C"]]] });
  assertEquals(pairs.found, "a A|b B|b C");
  const numbered = await captions(folder, { "t.json": { "a.jpg": { 0: "A", 1: "B" } } });
  assertEquals(numbered.found, "a A|a B");
});

test("photos in the order of a JSON file, also if they are numbers; a key that is there twice is said", async (folder) => {
  const json = '{"20": ["A", "B"], "3": "C",\n"3": "D"}';
  const prepared = await prepareFiles("folder", folder, {
    "3.jpg": "3",
    "20.jpg": "20",
    "t.json": json,
  }, all);
  assertEquals(inShort(prepared), ["20.jpg train: A", "20.jpg train: B", "3.jpg train: D"]);
  assert(prepared.said.includes(
    't.json has a key more than once, "3" in line 2: its last value counts',
  ));
});

test("captions of several columns of one name; photos and splits of several are refused", async (folder) => {
  const csv = "image,caption,caption,caption\na.jpg,A,B,C\nb.jpg,D\n";
  assertEquals((await captions(folder, { "t.csv": csv })).found, "a A|a B|a C|b D");
  const named = { ...all, columns: { captions: "caption" } };
  assertEquals((await captions(folder, { "t.csv": csv }, named)).found, "a A|a B|a C|b D");
  const refused = (csv: string, ...parts: string[]) =>
    assertRefused("folder", folder, { ...three, "t.csv": csv }, {}, ...parts);
  await refused("image,image,caption\na.jpg,b.jpg,x\n", "2 columns named image", "rename");
  await refused("image,split,text,split\na.jpg,train,x,val\n", "2 columns named split", "rename");
});

test("of columns that may name the photo, the one that does so", async (folder) => {
  const csv = "image,file_name,caption\n17,a.jpg,A\n18,b.jpg,B\n";
  const { found, said } = await captions(folder, { "t.csv": csv });
  assertEquals(found, "a A|b B");
  assert(said[0].includes("photos from file_name"));
});

test("what Excel adds: sep=, empty rows, delimiters at the end", async (folder) => {
  const right = "a A, x|b B|c C";
  for (
    const csv of [
      "\ufeffsep=;\r\nimage;caption\r\na.jpg;A, x\r\nb.jpg;B\r\nc.jpg;C\r\n",
      '"sep=|"\nimage|caption\na.jpg|A, x\nb.jpg|B\nc.jpg|C\n',
      "sep=\t\nimage\tcaption\na.jpg\tA, x\nb.jpg\tB\nc.jpg\tC\n",
      ";;\nimage;caption;;\na.jpg;A, x;;\nb.jpg;B;;\nc.jpg;C;;\n" + ";;;\n".repeat(20),
      'image,caption\na.jpg,"A, x",,\nb.jpg,B,,\nc.jpg,C\n,\n,,,\n',
    ]
  ) {
    const { found, rejected } = await captions(folder, { "t.csv": csv });
    assertEquals([found, rejected], [right, ""], csv);
  }
});

test("a caption with delimiters and without quotation marks, where only it can hold them", async (folder) => {
  const right = "a A dog, a ball|b B|c C, c, c";
  for (
    const csv of [
      "image,caption\na.jpg,A dog, a ball\nb.jpg,B\nc.jpg,C, c, c\n",
      "image_name, comment_number, comment\na.jpg,0,A dog, a ball\nb.jpg,0,B\nc.jpg,1,C, c, c\n",
      "caption,image\nA dog, a ball,a.jpg\nB,b.jpg\nC, c, c,c.jpg\n",
      "image,caption,split\na.jpg,A dog, a ball,train\nb.jpg,B,val\nc.jpg,C, c, c,train\n",
    ]
  ) {
    const { found, said } = await captions(folder, { "t.csv": csv });
    assertEquals(found, right, csv);
    const note =
      '2 rows have more fields than columns, such as t.csv:2: the caption is taken to hold ","';
    assert(said.includes(note), said.join("\n"));
  }
  const malformed = "malformed, more fields than the header";
  for (
    const csv of [
      "image,place,caption\na.jpg,Paris, France,A\nb.jpg,Rome,B\n",
      "image,caption_1,caption_2\na.jpg,A, x,C\nb.jpg,B,\n",
    ]
  ) {
    const { found, rejected } = await captions(folder, { "t.csv": csv });
    assertEquals([found, rejected], ["b B", `t.csv:2 ${malformed}`]);
  }
});

test("a file without a header: columns by position where they are plain, and that is said", async (folder) => {
  const plain: [csv: string, right: string][] = [
    ["a.jpg,A dog runs\nb.jpg,A cat, asleep\n", "a A dog runs|b A cat, asleep"],
    ["A dog runs;a.jpg\nA cat;b\n", "a A dog runs|b A cat"],
    ["a\tA dog\ttrain\nb\tA cat\tval\n", "a A dog|b A cat"],
    ["a.jpg#0\tA dog\nz.jpg#0\tx y\na.jpg#1\tOne dog\n", "a A dog|a One dog"],
    ["a,0,A dog\na,1,One dog\n", "a A dog|a One dog"],
    ["a.jpg;A dog, it runs;One dog is there\n", "a A dog, it runs|a One dog is there"],
  ];
  for (const [csv, right] of plain) {
    const { found, said } = await captions(folder, { "t.csv": csv });
    assertEquals(found, right);
    assert(said[0].includes("without a header: photos from column "), said[0]);
  }
  const missing = await prepareFiles("folder", folder, {
    "7.jpg": "7",
    "8.jpg": "8",
    "t.csv": "6,A bird\n7,A dog\n8,A cat\n",
  }, all);
  assertEquals(inShort(missing), ["7.jpg train: A dog", "8.jpg train: A cat"]);
  assertEquals(rejects(missing), ["t.csv:1 no such photo"]);
  const unclear = { "t.csv": "a.jpg,animal,A dog runs\nb.jpg,animal,A cat\n" };
  await assertRefused("folder", folder, { ...three, ...unclear }, {}, "no header", "a.jpg, animal");
  const columns = { photo: "column 1", captions: "column 3" };
  const named = await captions(folder, unclear, { ...all, columns });
  assertEquals(named.found, "a A dog runs|b A cat");
});

test("usual words for splits are taken, and that is said; others are named", async (folder) => {
  const csv = (...words: string[]) =>
    "image,caption,split\n" + words.map((word, at) => `${"abc"[at]},x,${word}\n`).join("");
  const { said } = await captions(folder, { "t.csv": csv("trn", "eval", "tst") }, {});
  assert(
    said.includes(
      'Splits are read as follows: "trn" as train (1), "eval" as dev (1), "tst" as test (1)',
    ),
  );
  const { rejected } = await captions(folder, { "t.csv": csv("train", "holdout", "test") }, {});
  assertEquals(rejected, 't.csv:3 unknown split "holdout", not train, val (dev) or test');
  const files = { ...three, "t.csv": csv("train", "val", "Eval") };
  await assertRefused("folder", folder, files, {}, '"val" and "Eval"', "may mean test");
  // Shares take the place of splits.
  const shares = await captions(folder, { "t.csv": csv("1", "2", "3") });
  assertEquals([shares.rejected, shares.found], ["", "a x|b x|c x"]);
});

test("a file of another encoding is refused, naming its first row", async (folder) => {
  const latin = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  const refused = (files: Files, ...parts: string[]) =>
    assertRefused("folder", folder, { ...three, ...files }, {}, "save it as UTF-8", ...parts);
  const csv = "image,caption\na.jpg,A\nb.jpg,\u00d6l\nc.jpg,M\u00e4nner\n";
  await refused({ "t.csv": latin(csv) }, "t.csv:3", "Windows-1252");
  await refused({ "t.csv": latin("image,\u00dcberschrift\na.jpg,x\n") }, "line 1");
  await refused(
    { "t.jsonl": latin('{"image": "a", "caption": "\u00d6l"}\n'.repeat(2)) },
    "t.jsonl:1",
  );
  await refused({ "t.json": latin('[{"image": "a", "caption": "\u00d6l"}]') }, "line 1");
  const damaged = new TextEncoder().encode(csv);
  damaged.set([0xff], damaged.length - 5);
  assertEquals((await captions(folder, { "t.csv": damaged })).rejected, "t.csv:4 not UTF-8");
});
