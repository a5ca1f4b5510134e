import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { assertRefused, type Files, inShort, prepareFiles, rejects } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `folder: ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const three = { "a.jpg": "a", "b.jpg": "b", "c.jpg": "c" };
const noSplit = { split: { train: 1, dev: 0, test: 0 }, markers: "keep" };

/** Captions of `a.jpg`, `b.jpg` and `c.jpg` in short: `a A dog|a One dog`, and what is said of them. */
async function captions(folder: string, files: Files, settings: object = noSplit) {
  const source = await Deno.makeTempDir({ dir: folder });
  const prepared = await prepareFiles("folder", source, { ...three, ...files }, settings);
  const found = inShort(prepared).map((line) => line.replace(/^(\w+)\.jpg \S+: /, "$1 "));
  const rejected = rejects(prepared).map((line) => line.replace(/^\S+ /, "")).join("|");
  return { found: found.join("|"), rejected, said: prepared.said.join("\n") };
}

const inColumn = (text: string) => ({
  "t.csv": `image,caption\na.jpg,"${text.replaceAll('"', '""')}"\n`,
});

test("lists as TensorFlow, R, Postgres and nested JSON write them", async (folder) => {
  for (
    const text of [
      "tf.Tensor([b'A dog.' b'A cat.'], shape=(2,), dtype=string)",
      "<tf.Tensor: shape=(2,), dtype=string, numpy=array([b'A dog.', b'A cat.'], dtype=object)>",
      'list("A dog.", "A cat.")',
      '{"A dog.","A cat."}',
      "dict_values(['A dog.', 'A cat.', nan])",
      JSON.stringify(JSON.stringify(["A dog.", "A cat."])),
      "[['A', 'dog.'], ['A', 'cat.']]",
      "[{'tokens': ['A', 'dog.']}, {'raw': 'A cat.'}]",
    ]
  ) assertEquals((await captions(folder, inColumn(text))).found, "a A dog.|a A cat.", text);
});

test("lists without quotation marks and dictionaries of something else are rejected", async (folder) => {
  const lists = ["[A dog runs, A cat sits]", "{A dog,A cat}", "WrappedArray(A dog, A cat)"];
  for (const text of [...lists, "{'width': 3}"]) {
    const files = { "t.csv": inColumn(text)["t.csv"] + "b.jpg,B\n" };
    const { found, rejected } = await captions(folder, files);
    assertEquals(found, "b B", text);
    assert(/^malformed, (a list without quotation marks|neither)/.test(rejected), rejected);
  }
  const stay = ["[Music] a man", "A dog (red, big)", "(a, b)"];
  for (const text of stay) {
    assertEquals((await captions(folder, inColumn(text))).found, `a ${text}`);
  }
});

test("captions with a sign between them are taken one by one, and that is said", async (folder) => {
  for (const sign of ["|", "||", "<sep>", "###"]) {
    const files = { "t.csv": `image,captions\na.jpg,A dog${sign}A cat\nb.jpg,B ${sign} C\n` };
    const { found, said } = await captions(folder, files);
    assertEquals(found, "a A dog|a A cat|b B|b C", sign);
    assert(said.includes("each part is a caption"), said);
  }
  const some = { "t.csv": "image,caption\na.jpg,A | B\nb.jpg,C\nc.jpg,D\n" };
  assertEquals((await captions(folder, some)).found, "a A | B|b C|c D");
});

test("what is written for a missing caption or split is none", async (folder) => {
  const csv = "image,caption\na.jpg,nan\nb.jpg,B\nc.jpg,#N/A\na.jpg,None\nb.jpg,NULL\n";
  const { found, rejected } = await captions(folder, { "t.csv": csv });
  assertEquals([found, rejected], ["b B", Array(4).fill("empty caption").join("|")]);
  const splits = "image,caption,split\na.jpg,A,train\nb.jpg,B,val\nc.jpg,C,nan\n";
  const prepared = await prepareFiles("folder", folder, { ...three, "t.csv": splits });
  assertEquals(inShort(prepared), ["a.jpg train: A", "b.jpg dev: B", "c.jpg -: C"]);
});

test("a column of splits is found by its words; one that may be is said", async (folder) => {
  const csv = (name: string, ...words: string[]) =>
    `image,caption,${name}\n` + words.map((word, i) => `${"abc"[i]}.jpg,x,${word}\n`).join("");
  const right = ["a.jpg train: x", "b.jpg dev: x", "c.jpg test: x"];
  for (
    const file of [
      csv("phase", "train", "val", "test"),
      csv("where", "Training", "Validierung", "Test"),
      csv("split", "entrenamiento", "validación", "prueba"),
      csv("split", "训练集", "验证集", "测试集"),
    ]
  ) {
    const source = await Deno.makeTempDir({ dir: folder });
    const prepared = await prepareFiles("folder", source, { ...three, "t.csv": file });
    assertEquals(inShort(prepared), right, file);
  }
  for (
    const [name, ...words] of [
      ["is_train", "True", "False", "False"],
      ["fold", "0", "1", "2"],
      ["usage", "Training", "PublicTest", "PrivateTest"],
      ["kind", "train", "train", "bus"], // may be what is in the photo
    ]
  ) {
    const { said } = await captions(folder, { "t.csv": csv(name, ...words) }, {});
    const isSaid = said.includes(`its column ${name} has "${words[0]}" and is not read`);
    assertEquals(isSaid, name !== "kind", said);
  }
});

test("photos of splits listed beside the captions are refused", async (folder) => {
  const json = { train: ["a.jpg"], test: ["b.jpg"], captions: { "a.jpg": "A", "b.jpg": "B" } };
  const files = { ...three, "t.json": json };
  await assertRefused("folder", folder, files, {}, "photos of train, test beside", '"split"');
  assertEquals((await captions(folder, { "t.json": json })).found, "a A|b B");
});

test("a key that is twice in a JSON line is said", async (folder) => {
  const jsonl = '{"image":"a","caption":"A","caption":"B"}\n{"image":"b","caption":"B"}\n';
  const { found, said } = await captions(folder, { "t.jsonl": jsonl });
  assertEquals(found, "a B|b B");
  assert(said.includes('a key more than once, "caption" in line 1: its last value counts'), said);
});

test("a quotation mark that begins a field closes no other", async (folder) => {
  const csv = 'caption,note,image\n"A, x,"n, n",a.jpg\n"B, y","n, n",b.jpg\n"C" c,d,c.jpg\n';
  const { found, rejected } = await captions(folder, { "t.csv": csv });
  assertEquals([found, rejected], ['b B, y|c "C" c', "malformed, quotation marks do not match"]);
});

test("letters that an earlier conversion has damaged are said", async (folder) => {
  const damaged = await captions(folder, { "t.csv": "image,caption\na.jpg,un cafÃ© noir\n" });
  assert(damaged.said.includes('UTF-8 read as Windows-1252, such as "cafÃ©"'), damaged.said);
  const lost = await captions(folder, { "t.csv": "image,caption\na.jpg,un caf\ufffd\n" });
  assert(lost.said.includes("U+FFFD for letters"), lost.said);
  const right = await captions(folder, { "t.csv": "image,caption\na.jpg,SÃO Paulo â vista\n" });
  assert(!right.said.includes("export them again"), right.said);
});

test("letters as HTML writes them are counted and said, and stay", async (folder) => {
  const csv = "image,caption\na.jpg,black &amp; white\nb.jpg,the dog&#39;s ball\n" +
    "c.jpg,un caf&eacute;\n";
  const { found, said } = await captions(folder, { "t.csv": csv });
  assertEquals(found, "a black &amp; white|b the dog&#39;s ball|c un caf&eacute;");
  assert(said.includes('3 captions with letters as HTML writes them, such as "&amp;": they'), said);
  assert(said.includes("decode the captions in the file"), said);
  const plain = await captions(folder, {
    "t.csv": "image,caption\na.jpg,black&white; AT&T; a & b\n",
  });
  assert(!plain.said.includes("HTML"), plain.said);
});

test("photos with two endings in the table", async (folder) => {
  const { found, said } = await captions(folder, { "t.csv": "image,caption\na.jpg.jpg,A\n" });
  assertEquals(found, "a A");
  assert(said.includes("another ending here"), said);
});

test("shares take the place of a column of splits, and that is said; or it comes first", async (folder) => {
  const csv = "image,caption,split\na.jpg,A,test\nb.jpg,B,train\nc.jpg,C,val\n";
  const files = { "t.csv": csv };
  const shares = { train: 1, dev: 0, test: 0 };
  const replaced = await captions(folder, files, { split: shares });
  assert(replaced.said.includes("its column split is not read, as dataset.split has shares"));
  const prepared = await prepareFiles("folder", folder, { ...three, ...files }, {
    split: { ...shares, ownFirst: true },
  });
  assertEquals(inShort(prepared), ["a.jpg test: A", "b.jpg train: B", "c.jpg dev: C"]);
  const none = { "t.csv": csv.replaceAll(/,(split|test|train|val)$/gm, "") };
  const { found, said } = await captions(folder, none, { split: { ...shares, ownFirst: true } });
  assertEquals(found, "a A|b B|c C");
  assert(said.includes("No split of its own: 100 % of the photos for train, 0 % for dev"), said);
});
