import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const root = new URL("../../", import.meta.url);
const ignore = !granted("read", "write", "run");

/** Runs the task on files of these contents; `C` and `R` in the arguments are their names. */
async function score(candidates: unknown, references: unknown, ...args: string[]) {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = (value: unknown) =>
      value instanceof Uint8Array
        ? value
        : new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
    await Deno.writeFile(`${folder}/C.json`, bytes(candidates));
    await Deno.writeFile(`${folder}/R.json`, bytes(references));
    const files = ["--candidates", `${folder}/C.json`, "--references", `${folder}/R.json`];
    return await run(...files, ...args);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "tasks/score.ts", ...args],
    cwd: root,
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

const candidates = { x: "<start> a dog runs <end>", "10": "two red balls" };
const references = { "10": ["Two red balls."], x: ["A dog runs!", "The dog"] };

test("score --json writes one document: signature and every score, markers not counted", async () => {
  const { code, out, err } = await score(candidates, references, "--json");
  const { signature, scores, statistics } = JSON.parse(out);
  assertEquals([code, err], [0, ""]);
  assertEquals(
    signature,
    "bleu:coco|n:4|smooth:none|markers:no|tok:words|rouge:l|beta:1.2|tok:words|" +
      "cider:d|n:4|sigma:6|df:references|tok:words|refs:1-2|v:2",
  );
  assertEquals(Object.keys(scores), ["bleu-1", "bleu-2", "bleu-3", "bleu-4", "rouge-l", "cider-d"]);
  assertEquals(statistics, {
    meanLength: 3,
    words: 6,
    distinct: 1,
    mostFrequent: { caption: "two red balls", photos: 1 },
  });
  assert(scores["bleu-3"] > 1 - 1e-8 && scores["bleu-3"] <= 1);
});

test("score without --json writes a table with the signature", async () => {
  const { code, out } = await score(candidates, references, "--metrics=bleu");
  assertEquals(code, 0);
  const scores = "bleu-1 {14}1\\.0000\n(bleu-\\d +\\d\\.\\d{4}\n){3}";
  const statistics =
    "words in a caption +3\\.0\ndifferent words +6\ndistinct captions +100\\.0 %\n";
  assert(new RegExp(`^${scores}${statistics}bleu:coco\\|\\S+\n$`).test(out), out);
});

test("score takes definition, weights, smoothing and tokenization", async () => {
  const { out } = await score(
    { a: "A dog" },
    { a: ["A cat"] },
    ...["--definition", "nltk", "--weights", "1/2,0.5;1", "--smoothing", "method1"],
    ...["--tokenize", "none", "--metrics", "bleu", "--json"],
  );
  const { signature, scores } = JSON.parse(out);
  assertEquals(
    signature,
    "bleu:nltk|n:2|weights:0.5,0.5;1|smooth:epsilon|markers:no|tok:none|refs:1|v:2",
  );
  assert(Math.abs(scores["bleu-1"] - 0.5) < 1e-12);
  assert(Math.abs(scores["bleu-2"] - Math.sqrt(0.5 * 0.1)) < 1e-12);
});

test("score takes several metrics, all with the same words of captions", async () => {
  const { out } = await score(
    { a: "A red dog." },
    { a: ["a dog"] },
    ...["--metrics", "rouge-l,bleu", "--tokenize", "ptb", "--json"],
  );
  const { signature, scores } = JSON.parse(out);
  assertEquals(
    signature,
    "rouge:l|beta:1.2|tok:ptb|bleu:coco|n:4|smooth:none|markers:no|tok:ptb|refs:1|v:2",
  );
  assertEquals(Object.keys(scores), ["rouge-l", "bleu-1", "bleu-2", "bleu-3", "bleu-4"]);
  assert(Math.abs(scores["rouge-l"] - 2.44 * (2 / 3) / (1 + 1.44 * (2 / 3))) < 1e-12);
});

test("score of an empty and a one-word candidate is a number", async () => {
  for (const definition of ["coco", "nltk"]) {
    const { code, out } = await score(
      { a: "", b: "dog" },
      { a: ["a dog"], b: ["dog"] },
      ...["--definition", definition, "--json"],
    );
    assertEquals(code, 0);
    const { scores } = JSON.parse(out);
    assert(Object.values(scores).every(Number.isFinite), out);
  }
});

test("score keeps the file's order, on which NLTK's methods 5 to 7 depend", async () => {
  const candidates = '{"20": "the cat sat on the mat", "3": "a dog runs on the grass today"}';
  const references = {
    "20": ["the cat sat on the mat today", "a cat is on the mat"],
    "3": ["a dog runs on the green grass", "the dog runs"],
  };
  const { out } = await score(
    candidates,
    references,
    ...["--definition", "nltk", "--weights", ".25,.25,.25,.25", "--smoothing", "method5"],
    ...["--tokenize", "none", "--json"],
  );
  assert(Math.abs(JSON.parse(out).scores["bleu-4"] - 0.8711) < 5e-5, out); // as NLTK; with sorted ids another
});

test("score refuses text that is not UTF-8, naming file and place", async () => {
  const references = { "1": ["ein Mädchen läuft"] };
  const latin1 = Uint8Array.from('{\n"1": "ein M\xe4dchen"}', (letter) => letter.charCodeAt(0));
  const utf16 = new Uint8Array(Uint16Array.from('\ufeff{"1": "a"}', (c) => c.charCodeAt(0)).buffer);
  const cases: [Uint8Array, string][] = [
    [latin1, "C.json is not UTF-8: byte 13 in line 2 is 0xe4, as in Latin-1 or Windows-1252: save"],
    [utf16, "C.json is UTF-16 text: save it as UTF-8"],
    [utf16.subarray(2), "C.json is UTF-16 text: save it as UTF-8"],
  ];
  for (const [candidates, expected] of cases) {
    const { code, out, err } = await score(candidates, references);
    assertEquals([code, out], [1, ""]);
    assert(err.includes(expected) && err.trim().split("\n").length === 1, err);
  }
  const { out } = await score('\ufeff{"1": "ein Mädchen läuft"}', references, "--json");
  assert(JSON.parse(out).scores["bleu-1"] > 1 - 1e-8, out);
});

test("score calls what was saved instead of a file by its name", async () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 51\n";
  const { code, err } = await score(pointer, {});
  assertEquals(code, 1);
  assert(err.includes("C.json is not JSON but a Git LFS pointer to its 51 bytes: run"), err);
});

test("score of an id that is there twice takes the last captions, and says so", async () => {
  const { out, err } = await score('{"a": "x", "a": "A dog"}', { a: ["a dog"] }, "--json");
  assert(JSON.parse(out).scores["bleu-1"] > 1 - 1e-8, out);
  assert(
    err.includes('C.json has an id more than once, such as "a": the last captions count'),
    err,
  );
});

test("score leaves out markers around nearly all captions of a file, on both sides, and says so", async () => {
  const framed = { a: "[CLS] a dog runs [SEP]", b: "[CLS] two cats [SEP]" };
  const references = { a: ["a dog runs"], b: ["two cats"] };
  const { out, err } = await score(framed, references, "--tokenize", "none", "--json");
  assert(JSON.parse(out).scores["bleu-1"] > 1 - 1e-8, out);
  assert(err.includes("2 of 2 captions in ") && err.includes("have [CLS] and [SEP] around"), err);
  const kept = await score(framed, references, "--tokenize=none", "--json", "--markers=");
  assert(Math.abs(JSON.parse(kept.out).scores["bleu-1"] - 5 / 9) < 1e-8, kept.out);
});

test("score takes COCO's results and annotations, and lists, as what they stand for", async () => {
  const plain = await score(
    { 7: "a dog runs", 9: "two balls" },
    { 7: ["a dog runs", "the dog"], 9: ["two red balls"] },
    "--json",
  );
  const results = [{ image_id: 7, caption: "a dog runs" }, { image_id: 9, caption: "two balls" }];
  const annotations = [[7, "a dog runs"], [9, "two red balls"], [7, "the dog"], [8, "a cat"]]
    .map(([image_id, caption], id) => ({ image_id, id, caption }));
  const coco = await score(results, { images: [{ id: 7 }], annotations }, "--json");
  assertEquals(coco.out, plain.out);
  assert(coco.err.includes("1 of 3 photos in") && coco.err.includes("left out"), coco.err);
  const lists = await score(
    ["a dog runs", "two balls"],
    [["a dog runs", "the dog"], ["two red balls"]],
    "--json",
  );
  assertEquals([lists.out, lists.err], [plain.out, ""]);
  const ofOne = await score(
    { 7: ["a dog runs"], 9: ["two balls"] },
    { 7: ["a dog runs", "the dog"], 9: ["two red balls"] },
    "--json",
  );
  assertEquals(ofOne.out, plain.out);
});

const photos = {
  candidates: { "a.jpg": "a dog runs on grass", "b.jpg": "two cats sit" },
  references: { "a.jpg": ["a dog runs on the grass"], "b.jpg": ["two cats sit on a wall", "cats"] },
};

test("score takes Karpathy's JSON by whichever of its ids the candidates have", async () => {
  const sentences = (captions: string[]) => captions.map((raw) => ({ raw, tokens: ["?"] }));
  const image = (filename: string, id: number, split: string, captions: string[]) => ({
    ...{ filename, filepath: "val2014", cocoid: id, imgid: id - 40, split },
    sentences: sentences(captions),
  });
  const karpathy = {
    dataset: "coco",
    images: [
      image("a.jpg", 41, "test", photos.references["a.jpg"]),
      image("c.jpg", 42, "train", ["a cow"]),
      image("b.jpg", 43, "test", photos.references["b.jpg"]),
    ],
  };
  const [one, two] = Object.values(photos.candidates);
  const plain = await score(photos.candidates, photos.references, "--json");
  for (
    const candidates of [
      photos.candidates,
      { a: one, b: two },
      { "val2014/a.jpg": one, "val2014/b.jpg": two },
      [{ image_id: 41, caption: one }, { image_id: 43, caption: two }],
      { 1: one, 3: two },
    ]
  ) {
    const { out, err } = await score(candidates, karpathy, "--json");
    assertEquals(out, plain.out);
    assert(err.includes("1 of 3 photos in") && err.includes("left out"), err);
  }
});

test("score takes tables and JSON lines of photos and captions, as the other tasks write them", async () => {
  const { candidates, references } = photos;
  const plain = await score(candidates, references, "--json");
  const written = Object.entries(candidates).map(([photo, caption]) => ({ photo, caption }));
  const people = Object.entries({ ...references, "c.jpg": ["a cow"] }).flatMap((
    [photo, captions],
  ) => captions.map((caption) => ({ photo, caption })));
  const lines = (rows: unknown[]) => rows.map((row) => JSON.stringify(row) + "\n").join("");
  const files = {
    "C.csv": "file,caption,log_probability\r\n" +
      written.map(({ photo, caption }) => `${photo},${caption},-3.5\r\n`).join(""),
    "C.jsonl": lines(written.map((one) => ({ ...one, words: [{ word: "a", probability: 0.5 }] }))),
    "C.json": JSON.stringify(written),
    "broken.json": JSON.stringify([written[0], { photo: "b.jpg", error: "no photo" }]),
    "broken.jsonl": lines([written[0], { photo: "b.jpg", error: "no photo" }]),
    "unnamed.csv": "a.jpg,a dog,a cat\nb.jpg,two dogs,one cat\n",
    "other.csv": "what,caption\na,a dog\n",
    "R.tsv": "photo\tcaption\n" +
      people.map(({ photo, caption }) => `${photo}\t${caption}\n`).join(""),
    "R.txt": people.map(({ photo, caption }, i) => `${photo}#${i}\t${caption} .\n`).join(""), // Flickr8k
  };
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const of = (candidates: string, references = "R.tsv") =>
      run(
        ...["--candidates", `${folder}/${candidates}`],
        ...["--references", `${folder}/${references}`, "--json"],
      );
    for (const [name, references] of [["C.csv"], ["C.jsonl"], ["C.json"], ["C.csv", "R.txt"]]) {
      const { out, err } = await of(name, references);
      assertEquals(out, plain.out);
      assert(err.includes("1 of 3 photos in"), err);
    }
    for (
      const [name, row] of [["broken.jsonl", "broken.jsonl:2"], ["broken.json", "broken.json:"]]
    ) {
      const { code, err } = await of(name);
      assertEquals(code, 0);
      assert(err.includes("1 row rejected: ") && err.includes(`the first is ${row}`), err);
      assert(err.includes("2 of 3 photos in"), err);
    }
    const several = await of("R.tsv");
    assert(
      several.err.includes('expected a caption for "b.jpg", found ["two cats sit'),
      several.err,
    );
    for (const name of ["unnamed.csv", "other.csv", "missing.csv"]) {
      const { code, err } = await of(name);
      assertEquals(code, 1);
      assert(err.includes(name) && !err.includes("dataset.columns"), err);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("score --document-frequencies counts n-grams in another file, Karpathy's train photos", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const train = { x: ["a dog barks"], y: ["a cat", "two cats"], z: ["grass", "a wall"] };
    const karpathy = {
      images: Object.entries({ ...train, w: ["two dogs"] }).map(([id, captions]) => ({
        filename: `${id}.jpg`,
        split: id === "w" ? "test" : "train",
        sentences: captions.map((raw) => ({ raw })),
      })),
    };
    const outs = await Promise.all([train, karpathy].map(async (value, i) => {
      await Deno.writeTextFile(`${folder}/${i}.json`, JSON.stringify(value));
      const { out } = await score(
        photos.candidates,
        photos.references,
        ...["--document-frequencies", `${folder}/${i}.json`, "--json", "--metrics=cider-d"],
      );
      return JSON.parse(out);
    }));
    assertEquals(outs[0], outs[1]);
    assertEquals(outs[0].signature, "cider:d|n:4|sigma:6|df:file|tok:words|refs:1-2|v:2");
    const { out } = await score(photos.candidates, photos.references, "--json");
    assert(JSON.parse(out).scores["cider-d"] !== outs[0].scores["cider-d"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("score --per-photo --intervals --compare: each photo, how sure, and which is better", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/B.json`, JSON.stringify({ "a.jpg": "x", "b.jpg": "y" }));
    const options = ["--per-photo", "--intervals", `--compare=${folder}/B.json`];
    const { out } = await score(photos.candidates, photos.references, ...options, "--json");
    const { scores, intervals, photos: each, compared } = JSON.parse(out);
    assertEquals(Object.keys(each), ["a.jpg", "b.jpg"]);
    const mean = (each["a.jpg"]["rouge-l"] + each["b.jpg"]["rouge-l"]) / 2;
    assert(Math.abs(mean - scores["rouge-l"]) < 1e-12);
    const { low, high } = intervals["rouge-l"];
    assert(low <= scores["rouge-l"] && scores["rouge-l"] <= high, out);
    assertEquals(compared.differences["rouge-l"].difference, -scores["rouge-l"]);
    const table = await score(photos.candidates, photos.references, ...options);
    for (const text of ["photo  ", "\na.jpg  ", " to ", "difference", "paired bootstrap test"]) {
      assert(table.out.includes(text), table.out);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("score of a single photo says why its CIDEr-D is 0", async () => {
  const { out, err } = await score({ a: "a dog" }, { a: ["a dog"] }, "--json");
  assertEquals(JSON.parse(out).scores["cider-d"], 0);
  assert(err.includes("CIDEr-D of a single photo is 0"), err);
});

test("score exits 1 with one sentence for input it cannot score", async () => {
  const cases: [unknown, unknown, string][] = [
    [{ a: "x", b: "y" }, { a: ["x"] }, "1 of 2 ids in "],
    [{ a: "x" }, { a: ["x"], c: ["y"] }, '"c"'],
    [{ a: ["x", "y"] }, { a: ["x"] }, 'expected a caption for "a"'],
    [[{ image_id: 1 }], { 1: ["x"] }, 'as entry 1 of COCO\'s list, found {"image_id":1}'],
    [["x", "y"], [["x"]], "1 of 2 ids in "],
    ["7", {}, "must hold an object that maps each id to a caption"],
    [{ a: "x" }, { a: [] }, 'expected a list of one or more captions for "a"'],
    [{ a: "x" }, { a: "x" }, 'expected a list of one or more captions for "a"'],
    [[], {}, " has no captions"],
    ["{", {}, "is not JSON"],
    [{}, {}, " has no captions"],
  ];
  await Promise.all(cases.map(async ([c, r, expected]) => {
    const { code, out, err } = await score(c, r);
    assertEquals([code, out], [1, ""]);
    assert(err.includes(expected) && err.trim().split("\n").length === 1, err);
  }));
});

test("score exits 2 for wrong use and says what is right", async () => {
  const cases: [string[], string][] = [
    [[], "--candidates"],
    [["--candidates", "a", "--references", "b", "--weights", "1"], "--definition nltk"],
    [["--candidates", "a", "--references", "b", "--smoothing", "x"], "method1"],
    [["--candidates", "a", "--references", "b", "--definition", "nltk", "--weights", "a,b"], '"a"'],
    [["--candidates", "a", "--references", "b", "--metrics", "bleu,cider"], '"cider"'],
    [["--candidates", "a", "--references", "b", "--wrong"], "--wrong"],
    [["extra", "--candidates", "a", "--references", "b"], '"extra"'],
  ];
  await Promise.all(cases.map(async ([args, expected]) => {
    const { code, out, err } = await run(...args);
    assertEquals([code, out], [2, ""], err);
    assert(err.includes(expected) && err.includes("--help"), err);
  }));
});

test("score --help shows each option's default on standard output and exits 0", async () => {
  const { code, out, err } = await run("--help");
  assertEquals([code, err], [0, ""]);
  for (const text of ["--tokenize", '"words"', '"coco"', '"none"', "equal weights", "startseq"]) {
    assert(out.includes(text), text);
  }
});

test("score --debug adds the stack to a failure", async () => {
  const plain = await run("--candidates", "no.json", "--references", "no.json");
  const debug = await run("--candidates", "no.json", "--references", "no.json", "--debug");
  assert(plain.err.includes("no such file") && !plain.err.includes("    at "), plain.err);
  assert(debug.err.includes("    at "), debug.err);
});
