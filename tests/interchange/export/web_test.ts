import * as tf from "@tensorflow/tfjs";
import { encoderSettings } from "../../../lib/config/mod.ts";
import { architectures, createEncoder, loadNetwork } from "../../../lib/encoders/mod.ts";
import { writeWebExport } from "../../../lib/interchange/mod.ts";
import { writeLayersModel } from "../../../lib/interchange/tfjs/write_layers_model.ts";
import { tokenizerFromJson } from "../../../lib/text/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { greedyCaption, logDifference, madeRun, probabilities, variants } from "./made_run.ts";

const WIDTH = 160; // of the feature of shapes_cnn
const SIZE = 96;
const ignore = !granted("read", "write", "net");
const pixels = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (i * i + 7 * i) % 256);
const words = [2, 5, 7, 4, 9, 6, 8];

/** An exported run behind HTTP, as a page has it. */
async function withServer(
  name: string,
  withEncoder: boolean,
  work: (base: string, folder: string) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const folder = await Deno.makeTempDir();
  const run = madeRun(variants[name], WIDTH);
  const network = withEncoder ? await loadNetwork(run.encoder) : undefined;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const path = folder + new URL(request.url).pathname;
    return new Response(await Deno.readFile(path));
  });
  try {
    await writeWebExport(folder, run, network);
    await work(`http://127.0.0.1:${server.addr.port}/`, folder);
  } finally {
    network?.model.dispose();
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

for (const name of Object.keys(variants)) {
  Deno.test({
    name: `writeWebExport() of ${name} loads in TF.js over HTTP with logits within 1e-4`,
    ignore,
    sanitizeResources: false, // TF.js' requests are kept alive
    fn: () =>
      withServer(name, false, async (base, folder) => {
        const run = madeRun(variants[name], WIDTH);
        const { decoder: card } = JSON.parse(await Deno.readTextFile(`${folder}/card.json`));
        const decoder = await tf.loadLayersModel(base + card.model);
        const feature = Float32Array.from({ length: WIDTH }, (_, i) => Math.sin(3 * i + 1));
        const expected = probabilities(run, feature, words);
        assertEquals(decoder.inputNames, card.inputs.map(({ name }: { name: string }) => name));
        words.forEach((_, n) => {
          const found = tf.tidy(() => {
            const row = tf.tensor2d([...scaled(feature, card.featureScale)], [1, WIDTH]);
            const given: tf.Tensor[] = [row, tf.tensor2d([words.slice(0, n + 1)])];
            if (card.places !== undefined) given.push(tf.zeros([1, card.places - n - 1, 10]));
            return (decoder.predict(given) as tf.Tensor).dataSync();
          });
          const difference = logDifference(found, expected[n]);
          assert(difference < 1e-4, `after ${n + 1} words: ${difference}`);
        });
        decoder.dispose();
      }),
  });
}

function scaled(feature: Float32Array, scale: "none" | "l2" | "meanSquare"): Float32Array {
  if (scale === "none") return feature;
  const sum = feature.reduce((sum, x) => sum + x * x, 0);
  const length = Math.sqrt(scale === "l2" ? sum : sum / feature.length);
  return feature.map((x) => x / length);
}

for (const name of ["merge", "merge_scaled", "padded_softmax"]) {
  Deno.test({
    name: `the code in the card of ${name} captions a photo as the decoder does here`,
    ignore,
    sanitizeResources: false,
    fn: () =>
      withServer(name, true, async (base, folder) => {
        const run = madeRun(variants[name], WIDTH);
        const encoder = await createEncoder(run.encoder);
        const feature = await encoder.encode(pixels, 1);
        encoder.dispose();
        const readme = await Deno.readTextFile(`${folder}/README.md`);
        const code = /```js\n([^]*?)```/.exec(readme)![1].replace('"./"', JSON.stringify(base));
        const run_ = new Function("tf", "image", `return (async () => { ${code} return text; })()`);
        const rgba = new Uint8Array(SIZE * SIZE * 4).fill(255)
          .map((value, i) => i % 4 === 3 ? value : pixels[3 * (i >> 2) + i % 4]);
        const text = await run_(tf, { width: SIZE, height: SIZE, data: rgba });
        assertEquals(text, greedyCaption(run, feature));
        assert(text.length > 0);
        assert(readme.includes("| shapes-test, 3 photos | bleu-1 0.5 |"), readme);
      }),
  });
}

Deno.test({
  name: "writeWebExport(): the encoder's features equal createEncoder()'s, the vocabulary is whole",
  ignore,
  sanitizeResources: false,
  fn: () =>
    withServer("merge", true, async (base, folder) => {
      const run = madeRun(variants.merge, WIDTH);
      const encoder = await createEncoder(run.encoder);
      const expected = await encoder.encode(pixels, 1);
      encoder.dispose();
      const { encoder: card } = JSON.parse(await Deno.readTextFile(`${folder}/card.json`));
      const model = await tf.loadLayersModel(base + card.model);
      const { order, divisor, shift } = card.pixels;
      const values = Array.from(
        pixels,
        (_, i) => pixels[i - i % 3 + order[i % 3]] / divisor - shift[i % 3],
      );
      const found = tf.tidy(() =>
        (model.predict(tf.tensor(values, [1, SIZE, SIZE, 3])) as tf.Tensor).dataSync()
      );
      model.dispose();
      assertEquals(found.length, WIDTH);
      const largest = Math.max(...expected.map((x, i) => Math.abs(x - found[i])));
      assert(largest < 1e-4, `${largest}`);
      const own = await Deno.readTextFile(`${folder}/vocabulary/showtell_tokenizer.json`);
      assertEquals(tokenizerFromJson(own).words, run.tokenizer.words);
    }),
});

Deno.test({
  name: "writeWebExport() cuts weights into shards of 4 MB and leaves no tensor behind",
  ignore,
  fn: async () => {
    await tf.setBackend("cpu");
    const folder = await Deno.makeTempDir();
    try {
      const run = madeRun({ kind: "merge", dense: 8, units: 800 }, WIDTH);
      const before = tf.memory().numTensors;
      await writeWebExport(folder, run, undefined);
      assertEquals(tf.memory().numTensors, before);
      const sizes: number[] = [];
      const manifest = JSON.parse(await Deno.readTextFile(`${folder}/decoder/model.json`));
      for (const path of manifest.weightsManifest[0].paths) {
        sizes.push((await Deno.stat(`${folder}/decoder/${path}`)).size);
      }
      const numbers = [...run.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
      assertEquals(sizes.reduce((sum, size) => sum + size, 0), 4 * numbers);
      assert(
        sizes.length > 2 && sizes.slice(0, -1).every((size) => size === 4 * 2 ** 20),
        `${sizes}`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

for (const kind of Object.keys(architectures)) {
  Deno.test({
    name: `writeLayersModel() of ${kind} loads again: same layers, same weights bit for bit`,
    ignore: !granted("read", "write"),
    fn: async () => {
      await tf.setBackend("cpu");
      const folder = await Deno.makeTempDir();
      const layer = kind === "vgg16" ? { layer: "block3_pool" } : {}; // fc1 alone has 400 MB
      const weights = kind === "shapes_cnn" ? "builtin" : "random";
      const { model } = await loadNetwork(encoderSettings.parse({ kind, weights, ...layer }));
      try {
        const files = await writeLayersModel(folder, model);
        const json = JSON.parse(await Deno.readTextFile(`${folder}/model.json`));
        const [{ paths, weights: weightSpecs }] = json.weightsManifest;
        assertEquals(files, [...paths, "model.json"]);
        const shards = await Promise.all(
          paths.map((path: string) => Deno.readFile(`${folder}/${path}`)),
        );
        const weightData = await new Blob(shards).arrayBuffer();
        const { modelTopology } = json;
        const loaded = await tf.loadLayersModel(
          tf.io.fromMemory({ modelTopology, weightSpecs, weightData }),
        );
        assertEquals(loaded.toJSON(undefined, false), model.toJSON(undefined, false));
        assertEquals(loaded.weights.length, model.weights.length);
        loaded.weights.forEach((weight, i) => {
          const [found, expected] = [weight, model.weights[i]].map((w) => w.read().dataSync());
          assert(found.length > 0 && found.every((x, at) => x === expected[at]), weight.name);
        });
        loaded.dispose();
      } finally {
        model.dispose();
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
