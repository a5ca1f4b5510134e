import { fileURLToPath } from "node:url";
import { decoderLayers } from "../../lib/interchange/keras/decoder_layers.ts";
import { keras2Config } from "../../lib/interchange/keras/serialise.ts";
import { kerasArchive } from "../../lib/interchange/keras/write_archive.ts";
import { kerasH5 } from "../../lib/interchange/keras/write_h5.ts";
import { createDecoder, mergeSettings } from "../../lib/models/mod.ts";
import { KerasTokenizer } from "../../lib/text/mod.ts";
import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { granted } from "../permissions.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ignore = !granted("read", "write", "run", "env", "sys");

/** Runs the task with its permissions, in a working folder. */
async function run(folder: string, ...args: string[]) {
  const permissions = ["--allow-read", "--allow-env", "--allow-sys", "--allow-write=data"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", `--config=${root}deno.json`, ...permissions]
      .concat(`${root}tasks/import.ts`, ...args),
    cwd: folder,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

const keras = new KerasTokenizer();
keras.fitOnTexts(["startseq a dog runs endseq"]);
const pickle = "ckeras.preprocessing.text\nTokenizer\n)R(dS'word_index'\n(d" +
  [...keras.wordIndex].map(([word, index]) => `S'${word}'\nI${index}\ns`).join("") + "sb.";

/** Files of a small project; their names say nothing about what they are. */
async function makeProject(folder: string): Promise<void> {
  const settings = mergeSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 4 });
  const inputs = { vocabularySize: keras.wordIndex.size + 1, featureShape: [4096] };
  const weights = createDecoder(settings, inputs).initialWeights(1);
  const spec = decoderLayers(settings, inputs, { length: 5 });
  await Deno.writeFile(`${folder}/model`, await kerasH5(spec, weights));
  await Deno.writeFile(`${folder}/archive`, await kerasArchive(spec, weights));
  await Deno.writeTextFile(`${folder}/words`, pickle);
  const matrix = npyOf("<f4", [2, 4096], new Float32Array(2 * 4096));
  const names = npyOfTexts(["1.jpg", "2.jpg"]);
  await Deno.writeFile(
    `${folder}/photos`,
    archiveOf([{ name: "x.npy", content: matrix }, { name: "names.npy", content: names }]),
  );
}

test("import of a model's layers without weights says which file is missing", async (folder) => {
  await makeProject(folder);
  const settings = mergeSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 4 });
  const inputs = { vocabularySize: 6, featureShape: [4096] };
  const config = keras2Config(decoderLayers(settings, inputs, { length: 5 }));
  await Deno.writeTextFile(`${folder}/model.json`, JSON.stringify(config));
  for (const files of [["model.json", "words"], ["words", "model.json"]]) {
    const { code, out, err } = await run(folder, ...files);
    assertEquals(code, 0, err);
    assert(out.includes('model.json\tlayers of the model "decoder", without weights'), out);
    assert(
      err.includes(
        "model.json has the model's layers without its weights: import it along with the file of " +
          "weights: deno task import WEIGHTS words model.json",
      ),
      err,
    );
  }
});

test("import identifies each file and creates a run from them", async (folder) => {
  await makeProject(folder);
  const { code, out, err } = await run(folder, "model", "words", "photos", "--name=mine");
  assertEquals(code, 0, err);
  const lines = out.trim().split("\n");
  assert(/^model\tmodel: merge decoder, vocabulary 6, .*features \[4096\]/.test(lines[0]), out);
  assertEquals(lines[1], "words\ttokenizer: 5 words, startseq … endseq (pickle)");
  assertEquals(lines[2], "photos\tfeatures: 2 photos, [4096], float32 (npz)");
  assertEquals(lines.at(-1), "deno task caption --run data/runs/mine PHOTO.jpg");
  assert(err.includes("Photos are encoded by vgg16, layer fc2"), err);
  assert(await exists(`${folder}/data/runs/mine/checkpoints/best.safetensors`));
  const zipped = await run(folder, "archive", "words", "--name=zipped", "--json");
  assertEquals(JSON.parse(zipped.out).files[0].decoder, "merge", zipped.err);
  const again = await run(folder, "model", "words", "--name=mine");
  assertEquals([again.code, again.err], [
    1,
    "Error: There is a run in data/runs/mine already: give this one another --name, or " +
    "--overwrite it\n",
  ]);
  const wrong = await run(folder, "model", "words", "--name=list", "--trained-on=photos");
  assert(wrong.err.includes("photos is not a list of names, one per line, but an .npz archive"));
  const overwritten = await run(folder, "model", "words", "--name=mine", "--overwrite", "--json");
  const { files, run: made, encoder } = JSON.parse(overwritten.out);
  assertEquals([made, encoder], ["data/runs/mine", "vgg16"]);
  assertEquals(files.map(({ kind }: { kind: string }) => kind), ["model", "tokenizer"]);
});

test("import of features or a tokenizer alone says how to use them", async (folder) => {
  await makeProject(folder);
  const { code, out, err } = await run(folder, "photos", "words", "--json");
  assertEquals(code, 0, err);
  assertEquals(JSON.parse(out), {
    files: [
      {
        path: "photos",
        kind: "features",
        photos: 2,
        featureShape: [4096],
        dtype: "float32",
        format: "npz",
      },
      { path: "words", kind: "tokenizer", words: 5, format: "pickle" },
    ],
    run: null,
  });
  assert(err.includes("--encoder.features=photos"), err);
  assert(err.includes("deno task import MODEL words"), err);
  assert(!await exists(`${folder}/data`));
});

test("import refuses harmful files in one sentence, and executes nothing of them", async (folder) => {
  const zeros = new Uint8Array(80 * 2 ** 20);
  const harmful: Record<string, [content: string | Uint8Array, message: string]> = {
    "system.pkl": [
      `cposix\nsystem\n(S'touch ${folder}/harm'\ntR.`,
      "system.pkl needs posix.system, which is not among the types of a Keras tokenizer or features " +
      "file; nothing was executed",
    ],
    "truncated.pkl": [
      pickle.slice(0, -9),
      `truncated.pkl is truncated: it ends at byte ${
        pickle.length - 9
      }, in the middle of its data; get it again`,
    ],
    "large.npy": [
      npyOf("<f4", [50_000, 50_000], new Float32Array(4)),
      "large.npy claims an array of float32 of the shape [50000, 50000], which takes 10000000000 " +
      "bytes, but 16 are there: it is truncated or damaged; get it again",
    ],
    "escape.keras": [
      archiveOf([{ name: "config.json", content: "{}" }, { name: "../../harm", content: "x" }]),
      "escape.keras is refused: its member ../../harm would lie outside of the archive's folder",
    ],
    "bomb.keras": [
      archiveOf([{ name: "config.json", content: zeros, deflated: true }]),
      "bomb.keras is refused as a zip bomb: it has N bytes and would unpack to 83886080 or more",
    ],
  };
  for (const [name, [content, message]] of Object.entries(harmful)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/${name}`, bytes);
    const { code, out, err } = await run(folder, name);
    assertEquals(err.replace(/has \d+ bytes/, "has N bytes"), `Error: ${message}\n`);
    assertEquals([code, out], [1, ""]);
  }
  assert(!await exists(`${folder}/harm`));
});

test("import makes a run of word dictionaries and of markers that are named", async (folder) => {
  await makeProject(folder);
  const words = { go: 1, halt: 2, a: 3, dog: 4, runs: 5 };
  const inverse = Object.fromEntries(Object.entries(words).map(([word, index]) => [index, word]));
  await Deno.writeTextFile(`${folder}/wordtoix`, JSON.stringify(words));
  await Deno.writeTextFile(`${folder}/ixtoword`, JSON.stringify(inverse));
  const both = ["model", "wordtoix", "ixtoword", "--name=words"];
  const unnamed = await run(folder, ...both);
  assertEquals(unnamed.code, 1);
  assert(unnamed.err.includes("--text.markers.start= and --text.markers.end="), unnamed.err);
  const named = await run(folder, ...both, "--text.markers.start=go", "--text.markers.end=halt");
  assertEquals(named.code, 0, named.err);
  assert(named.out.includes("wordtoix\ttokenizer: 5 words, go … halt (dictionary)"), named.out);
  const tokenizer = await Deno.readTextFile(`${folder}/data/runs/words/tokenizer.json`);
  assertEquals(JSON.parse(tokenizer).settings.markers.start, "go");
  await Deno.writeTextFile(`${folder}/ixtoword`, JSON.stringify({ ...inverse, 5: "jumps" }));
  const differing = await run(folder, ...both);
  assert(differing.err.includes("wordtoix and ixtoword are different tokenizers"), differing.err);
});

test("import exits 2 for wrong use", async (folder) => {
  await makeProject(folder);
  await Deno.copyFile(`${folder}/words`, `${folder}/others`);
  const two = await run(folder, "words", "others");
  assertEquals(two.code, 2);
  assert(
    two.err.includes("words and others are both tokenizers: import them one at a time"),
    two.err,
  );
  assertEquals((await run(folder)).code, 2);
  assertEquals(
    (await run(folder, "missing")).err,
    "Error: There is no file missing: put it there, or name another\n",
  );
  const unknown = await run(folder, "model", "words", "--encoder.nope=1");
  assertEquals(unknown.code, 1);
  assert(unknown.err.includes('unknown key "encoder.nope"'), unknown.err);
});
