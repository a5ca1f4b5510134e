import * as tf from "@tensorflow/tfjs";
import { encoderSettings } from "../../../lib/config/mod.ts";
import {
  architectures,
  buildModel,
  createEncoder,
  type Encoder,
} from "../../../lib/encoders/mod.ts";
import { randomWeights } from "../../../lib/encoders/weights/random_weights.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { archiveOf } from "../../interchange/zip_archive.ts";
import {
  type FileLayer,
  fileLayers,
  writeKeras3,
  writeLegacy,
  writeLegacyWrapped,
} from "./keras_files.ts";

await tf.setBackend("cpu");
const ignore = !granted("read", "write");
const random = new Random(1);
const pixels = Uint8Array.from({ length: 32 * 32 * 3 }, () => random.integer(0, 256));

/** MobileNetV2 for tiny photos. */
function open(weights: string, layer = "global_average_pooling2d", seed = 3): Promise<Encoder> {
  const settings = { kind: "mobilenet_v2", imageSize: 32, weights, layer, seed };
  return createEncoder(encoderSettings.parse(settings));
}

async function features(weights: string, layer?: string): Promise<number[]> {
  const before = tf.memory().numTensors;
  const encoder = await open(weights, layer);
  const values = await encoder.encode(pixels, 1);
  encoder.dispose();
  assertEquals(tf.memory().numTensors, before);
  return [...values];
}

/** All layers up to one, with the weights that `"random"` with seed 3 has. */
async function layersOf(layer: string): Promise<FileLayer[]> {
  const model = buildModel(architectures.mobilenet_v2, layer, 32);
  const layers = await fileLayers(model, randomWeights("mobilenet_v2", 3, model));
  model.dispose();
  return layers;
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "createEncoder() gives the same features from every layout that Keras writes",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const expected = await features("random");
      assert(new Set(expected).size > 100, "the features say nothing");
      const whole = await layersOf("predictions");
      const noTop = await layersOf("out_relu");
      await writeLegacy(`${folder}/keras2.h5`, whole, "keras2");
      await writeLegacy(`${folder}/keras2_no_top.h5`, noTop, "keras2");
      await writeLegacy(`${folder}/keras3_legacy.h5`, noTop, "keras3");
      await writeLegacy(`${folder}/whole.h5`, whole, "keras3", "model_weights");
      await writeKeras3(`${folder}/keras3.weights.h5`, noTop, true);
      await writeKeras3(`${folder}/keras3_early.weights.h5`, noTop, false);
      const renamed = noTop.map((layer, i) => ({ ...layer, name: `mobl_${i}` }));
      await writeLegacy(`${folder}/other_names.h5`, renamed, "keras2");
      for await (const { name } of Deno.readDir(folder)) {
        assertEquals(await features(`${folder}/${name}`), expected, name);
      }
      assertEquals(await features(`${folder}/whole.h5`), expected, "from its copy");
    }),
});

Deno.test({
  name: "createEncoder() finds the network that another model of the file wraps, in .h5 and .keras",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const expected = await features("random");
      const noTop = await layersOf("out_relu");
      await writeLegacyWrapped(`${folder}/wrapped.h5`, noTop);
      await writeKeras3(`${folder}/wrapped.weights.h5`, noTop, true, true);
      await writeKeras3(`${folder}/early.weights.h5`, noTop, false, true);
      const content = await Deno.readFile(`${folder}/wrapped.weights.h5`);
      const members = [
        { name: "config.json", content: "{}" },
        { name: "model.weights.h5", content },
      ];
      await Deno.writeFile(`${folder}/wrapped.keras`, archiveOf(members));
      await Deno.writeFile(`${folder}/misnamed.h5`, archiveOf(members));
      await Deno.mkdir(`${folder}/unzipped`);
      await Deno.writeFile(`${folder}/unzipped/model.weights.h5`, content);
      for await (const { name } of Deno.readDir(folder)) {
        const weights = `${folder}/${name}`;
        const settings = encoderSettings.parse({ kind: "mobilenet_v2", imageSize: 32, weights });
        const times = name === "wrapped.keras" ? 2 : 1; // the second time from its copy
        for (let time = 0; time < times; time++) {
          const said: string[] = [];
          const encoder = await createEncoder(settings, { say: (line) => said.push(line) });
          assertEquals([...await encoder.encode(pixels, 1)], expected, name);
          encoder.dispose();
          assert(/left out: (head|dense)$/.test(said.join()), `${name}: ${said}`);
        }
      }
    }),
});

Deno.test({
  name: 'createEncoder() knows the classifier as "Logits", as old files name it',
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const layers = await layersOf("predictions");
      layers.at(-1)!.name = "Logits";
      await writeLegacy(`${folder}/a.h5`, layers, "keras2");
      const expected = await features("random", "predictions");
      assertEquals(await features(`${folder}/a.h5`, "predictions"), expected);
    }),
});

Deno.test({
  name: "createEncoder() says in one sentence what is wrong with a file, and leaves no tensor",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const before = tf.memory().numTensors;
      const layers = await layersOf("block_1_expand");
      await writeLegacy(`${folder}/short.h5`, layers, "keras2");
      const { data } = layers.find(({ arrays }) => arrays.length > 0)!.arrays[0];
      const [value] = data;
      for (const [name, wrong] of [["nan.h5", NaN], ["infinity.h5", -Infinity]] as const) {
        data[0] = wrong;
        await writeLegacy(`${folder}/${name}`, layers, "keras3");
      }
      data[0] = value;
      const first = layers.find(({ name }) => name === "Conv1")!;
      first.arrays[0] = { name: "kernel", shape: [1], data: new Float32Array(1) };
      await writeLegacy(`${folder}/shape.h5`, layers, "keras2");
      await writeLegacy(`${folder}/vgg.h5`, [
        { ...first, name: "block1_conv1" },
        { ...first, name: "Conv1" },
      ], "keras3");
      const bytes = await Deno.readFile(`${folder}/short.h5`);
      await Deno.writeFile(`${folder}/truncated.h5`, bytes.subarray(0, bytes.length - 100));
      await Deno.writeTextFile(`${folder}/text.h5`, "not found");
      await Deno.writeTextFile(`${folder}/model.json`, "{}");
      await Deno.writeTextFile(
        `${folder}/pointer.keras`,
        "version https://git-lfs.github.com/spec/v1",
      );
      const torch = archiveOf([{ name: "archive/data.pkl", content: "" }]);
      await Deno.writeFile(`${folder}/torch.h5`, torch);
      for (const name of ["saved", "nothing"]) await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/saved/saved_model.pb`, "");
      const { File } = await import("h5wasm/node");
      new File(`${folder}/other.h5`, "w").close();
      const cases: [string, new () => Error, string][] = [
        ["short.h5", RangeError, 'an encoder.layer up to "block_1_expand"'],
        ["nan.h5", RangeError, 'has NaN or infinity in kernel of layer "Conv1"'],
        ["infinity.h5", RangeError, "give a file saved before its training diverged"],
        ["shape.h5", RangeError, 'kernel of layer "Conv1" is [1], not [3,3,3,32]'],
        ["vgg.h5", RangeError, "another network than mobilenet_v2"],
        ["truncated.h5", SyntaxError, "truncated"],
        ["text.h5", SyntaxError, "not an HDF5 file"],
        ["other.h5", SyntaxError, "no network's weights"],
        ["none.h5", Deno.errors.NotFound, "no file"],
        ["model.json", SyntaxError, "weightsManifest"],
        ["weights.pt", RangeError, "expected"],
        ["none.keras", Deno.errors.NotFound, "no file"],
        ["torch.h5", SyntaxError, "data.pkl"],
        ["pointer.keras", SyntaxError, "Git LFS pointer"],
        ["saved", SyntaxError, "SavedModel"],
        ["nothing", SyntaxError, "is a folder without"],
      ];
      for (const [name, errorClass, message] of cases) {
        const layer = /^(nan|infinity)/.test(name) ? "block_1_expand" : undefined;
        const error = await assertRejects(
          () => open(`${folder}/${name}`, layer),
          errorClass,
          message,
        );
        assert(error.message.includes(name), error.message);
        assert(!error.message.includes("\n"), error.message);
      }
      assertEquals(tf.memory().numTensors, before);
    }),
});

Deno.test({
  name: "createEncoder() reads TF.js' model.json, shards cut anywhere",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const layers = await layersOf("block_2_add");
      const shards = 3;
      const arrays = layers.flatMap(({ name, arrays }) =>
        arrays.map((array) => ({ ...array, name: `${name}/${array.name}` }))
      );
      const bytes = new Uint8Array(
        await new Blob(arrays.map(({ data }) => data.slice())).arrayBuffer(),
      );
      const cut = Math.floor(bytes.length / shards) + 1; // within numbers, too
      const paths = Array.from({ length: shards }, (_, i) => `group1-shard${i + 1}of3.bin`);
      for (const [i, path] of paths.entries()) {
        await Deno.writeFile(`${folder}/${path}`, bytes.subarray(i * cut, (i + 1) * cut));
      }
      const weights = arrays.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
      const model = { format: "layers-model", weightsManifest: [{ paths, weights }] };
      await Deno.writeTextFile(`${folder}/model.json`, JSON.stringify(model));
      assertEquals(
        await features(`${folder}/model.json`, "block_2_add"),
        await features("random", "block_2_add"),
      );
      await Deno.truncate(`${folder}/${paths[2]}`, 8);
      await assertRejects(() => open(`${folder}/model.json`, "block_2_add"), SyntaxError, "bytes");
      await Deno.remove(`${folder}/${paths[1]}`);
      await assertRejects(() => open(`${folder}/model.json`, "block_2_add"), SyntaxError, paths[1]);
    }),
});

Deno.test({
  name: "createEncoder() reads TF.js' weights quantised to 8 bits, up to half a step",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const { data, shape } = (await layersOf("Conv1")).at(-1)!.arrays[0];
      const min = Math.min(...data), scale = (Math.max(...data) - min) / 255;
      const quantised = Uint8Array.from(data, (value) => Math.round((value - min) / scale));
      await Deno.writeFile(`${folder}/a.bin`, quantised);
      const quantization = { dtype: "uint8", min, scale };
      const weights = [{ name: "Conv1/kernel", shape, dtype: "float32", quantization }];
      await Deno.writeTextFile(
        `${folder}/model.json`,
        JSON.stringify({ weightsManifest: [{ paths: ["a.bin"], weights }] }),
      );
      const expected = await features("random", "Conv1");
      const found = await features(`${folder}/model.json`, "Conv1");
      const bound = 27 * (scale / 2) * 1.0001; // 27 inputs of at most 1
      assert(found.every((value, i) => Math.abs(value - expected[i]) <= bound));
      assert(found.some((value, i) => value !== expected[i]));
    }),
});

Deno.test({
  name: "Encoder.key differs with layer, image size, weights and resampling, and with nothing else",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const layers = await layersOf("Conv1");
      await writeLegacy(`${folder}/a.h5`, layers, "keras2");
      await Deno.copyFile(`${folder}/a.h5`, `${folder}/b.h5`);
      layers.at(-1)!.arrays[0].data[0] += 1;
      await writeLegacy(`${folder}/c.h5`, layers, "keras2");
      const keyOf = async (changes: Record<string, unknown>) => {
        const encoder = await createEncoder(encoderSettings.parse({
          kind: "mobilenet_v2",
          imageSize: 32,
          layer: "Conv1",
          weights: `${folder}/a.h5`,
          ...changes,
        }));
        encoder.dispose();
        return encoder.key;
      };
      const key = await keyOf({});
      assert(/^mobilenet_v2-Conv1-[0-9a-f]{16}$/.test(key), key);
      for (const same of [{ weights: `${folder}/b.h5` }, { batchSize: 7 }, { shardSize: 3 }]) {
        assertEquals(await keyOf(same), key);
      }
      const others = [
        { weights: `${folder}/c.h5` },
        { weights: "random" },
        { weights: "random", seed: 9 },
        { imageSize: 33 },
        { fit: "crop" },
        { kernel: "nearest" },
        { precision: "float16" },
      ];
      const keys = await Promise.all(others.map(keyOf));
      assertEquals(new Set([key, ...keys]).size, others.length + 1);
    }),
});
