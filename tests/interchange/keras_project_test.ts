/**
 * A Keras project's files, made by real Keras, numpy and h5py with the Python that
 * SHOWTELL_KERAS_PYTHON names.
 */
import { fileURLToPath } from "node:url";
import { matchPhotos } from "../../lib/datasets/mod.ts";
import { openFeaturesFile, type RecognisedFile, recogniseFile } from "../../lib/interchange/mod.ts";
import {
  FileBytes,
  type NumpyArray,
  type PickleTuple,
  type PickleValue,
  readPickle,
} from "../../lib/python/mod.ts";
import { readTokenizerFile } from "../../lib/interchange/tokenizer_file.ts";
import { importRun, openCaptioner } from "../../lib/stages/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const python = granted("env") ? Deno.env.get("SHOWTELL_KERAS_PYTHON") : undefined;
const ignore = python === undefined || !granted("read", "write", "run", "ffi", "sys", "net");
const shared = fileURLToPath(new URL("../../../shared/", import.meta.url));
const weights = `${shared}weights/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5`;
const hasPhotos = granted("read") && await exists(weights) &&
  await exists(`${shared}flickr8k/Images`);

/** Three photos if there are any, otherwise three names. */
function photos(): string[] {
  if (!hasPhotos) return ["1", "2", "3"];
  const names = [...Deno.readDirSync(`${shared}flickr8k/Images`)].map(({ name }) => name).sort();
  return names.slice(0, 3).map((name) => `${shared}flickr8k/Images/${name}`);
}

async function makeProject(folder: string): Promise<void> {
  const script = fileURLToPath(new URL("make_project.py", import.meta.url));
  const more = hasPhotos ? ["--weights", weights] : [];
  const args = [script, folder, ...photos(), ...more];
  const { success, stderr } = await new Deno.Command(python!, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function entriesOf(path: string) {
  using file = await openFeaturesFile(path);
  const entries = new Map<string, Float32Array>();
  for await (const { name, feature } of file.entries()) entries.set(name, feature);
  return { entries, featureShape: [...file.featureShape], dtype: file.dtype };
}

async function recognised<Kind extends RecognisedFile["kind"]>(path: string, kind: Kind) {
  const file = await recogniseFile(path);
  assertEquals(file.kind, kind);
  return file as Extract<RecognisedFile, { kind: Kind }>;
}

Deno.test({ name: "A Keras project's files", ignore }, async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  try {
    await makeProject(folder);

    await t.step("readPickle() reads what Python wrote, in every protocol", () => {
      for (let protocol = 0; protocol <= 5; protocol++) {
        using file = new FileBytes(`${folder}/values${protocol}.pkl`);
        const values = readPickle(file) as Map<string, PickleValue>;
        assertEquals(
          values.get("numbers"),
          [0, -1, 255, 65536, -(2 ** 31), 2 ** 40, -(2n ** 70n), 1.5, -0, Infinity, 0.5, 7],
        );
        const texts = (values.get("texts") as PickleValue[]).map((text) =>
          text instanceof Uint8Array ? [...text] : text
        );
        assertEquals(texts, ["", "Häuschen\n\\u00e4 \\", "\u{1f600}", "ö", [], [0, 255]]);
        assertEquals((values.get("truths") as PickleTuple).items, [true, false, null, true]);
        assertEquals(values.get("counts"), new Map([["a", 1], ["b", 2]]));
        assertEquals(values.get("docs"), new Map([["x", 3]]));
        assertEquals(values.get("set"), new Set([1, 2]));
        assertEquals((values.get("objects") as NumpyArray).texts(), ["a", "b"]);
        assertEquals((values.get("unicode") as NumpyArray).texts(), ["ab", "ö"]);
        assertEquals([...(values.get("big") as NumpyArray).floats()], [0, 1, 2]);
        assert(values.get("again") === values.get("big"));
      }
    });

    await t.step("readTokenizerFile() of every protocol equals Keras' to_json()", async () => {
      const json = await Deno.readTextFile(`${folder}/tokenizer.json`);
      const names = [0, 1, 2, 3, 4, 5].map((protocol) => `tokenizer${protocol}.pkl`);
      for (const name of [...names, "tokenizer.pkl", "tokenizer.json", "quoted.json"]) {
        assertEquals(readTokenizerFile(`${folder}/${name}`).keras.toJson(), json, name);
      }
    });

    const bytes = await Deno.readFile(`${folder}/matrix.bytes`);
    const matrix = new Float32Array(bytes.buffer);
    const rows = photos().length;

    await t.step("openFeaturesFile() reads numpy's numbers from every format", async () => {
      const pickles = [0, 1, 2, 3, 4, 5].map((protocol) => `features${protocol}.pkl`);
      for (
        const name of [
          ...pickles,
          "features.pkl",
          "dict.npy",
          "dict.npz",
          "each.npz",
          "each_deflated.npz",
          "matrix.npz",
          "big_endian.npz",
          "each.h5",
          "matrix.h5",
          "fixed_texts.h5",
        ]
      ) {
        const { entries, featureShape } = await entriesOf(`${folder}/${name}`);
        assertEquals(featureShape, [1280], name);
        assertEquals(entries.size, rows, name);
        const found = [...entries.values()].flatMap((feature) => [...feature]);
        assert(found.every((number, i) => number === matrix[i]), name);
      }
    });

    await t.step("openFeaturesFile() reads float16 and Fortran order", async () => {
      const half = await entriesOf(`${folder}/half.pkl`);
      assertEquals([half.dtype, half.featureShape], ["float16", [1280]]);
      const [first] = half.entries.values();
      assert(first.every((number, i) => number === Math.f16round(matrix[i])));
      const fortran = await entriesOf(`${folder}/fortran.pkl`);
      assertEquals(fortran.featureShape, [2, 1280]);
      const [feature] = fortran.entries.values();
      assertEquals([...feature.subarray(0, 1280)], [...matrix.subarray(0, 1280)]);
      assertEquals([...feature.subarray(1280)], [...matrix.subarray(0, 1280)]);
    });

    const expected: Record<string, string> = JSON.parse(
      await Deno.readTextFile(`${folder}/captions.json`),
    );
    const withoutMarkers = (caption: string) => caption.replace(/^startseq ?| ?endseq$/g, "");

    for (const name of ["model.h5", "model.keras"]) {
      await t.step(`importRun() of ${name} captions as the notebook's greedy loop`, async () => {
        const { run, config } = await importRun({ data: folder, say: () => {} }, {
          model: await recognised(`${folder}/${name}`, "model"),
          tokenizer: await recognised(`${folder}/tokenizer.pkl`, "tokenizer"),
          features: await recognised(`${folder}/features.pkl`, "features"),
          overrides: [`encoder.weights=${hasPhotos ? weights : "random"}`],
          name: `from_${name}`,
          overwrite: false,
        });
        const { entries } = await entriesOf(`${folder}/features.pkl`);
        const names = [...entries.keys()];
        const said: string[] = [];
        const engine = await startEngine();
        const say = (line: string) => said.push(line);
        const opened = await openCaptioner(run, { engine, config, say });
        try {
          const found = await opened.captioner.captionFeatures(matrix, rows);
          assertEquals(
            found.map(({ caption }) => caption),
            names.map((name) => withoutMarkers(expected[name])),
          );
          if (!hasPhotos) return;
          const fromPhotos = await opened.captionPhotos(photos());
          const nameOf = new Map(
            [...matchPhotos(names, { files: photos() })].map(([name, match]) => [
              match.kind === "found" ? match.photo : "",
              name,
            ]),
          );
          assertEquals(
            fromPhotos.map(({ caption }) => caption),
            photos().map((photo) => withoutMarkers(expected[nameOf.get(photo)!])),
          );
          assertEquals(said.length, 1);
          assert(said[0].includes("made elsewhere"), said[0]);
        } finally {
          await opened.dispose();
        }
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
