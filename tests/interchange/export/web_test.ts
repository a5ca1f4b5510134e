import { pathToFileURL as toFileUrl } from "node:url";
import * as tf from "@tensorflow/tfjs";
import type { Captions } from "../../../lib/captioner/mod.ts";
import { encoderSettings, networkOf } from "../../../lib/config/mod.ts";
import { architectures, createEncoder, loadNetwork } from "../../../lib/encoders/mod.ts";
import { type ExportedRun, writeWebExport } from "../../../lib/interchange/mod.ts";
import { writeLayersModel } from "../../../lib/interchange/tfjs/write_layers_model.ts";
import { tokenizerFromJson } from "../../../lib/text/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import {
  greedyCaption,
  logDifference,
  madeRun,
  ownCaptions,
  probabilities,
  variants,
  withoutLayers,
} from "./made_run.ts";

const WIDTH = 160; // of the feature of shapes_cnn
const SIZE = 96;
const ignore = !granted("read", "write", "net");
const pixels = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (i * i + 7 * i) % 256);
const words = [2, 5, 7, 4, 9, 6, 8];

/** The pixels as a page's image data. */
const photo = {
  width: SIZE,
  height: SIZE,
  data: new Uint8Array(SIZE * SIZE * 4).fill(255)
    .map((value, i) => i % 4 === 3 ? value : pixels[3 * (i >> 2) + i % 4]),
};

/** An exported run. */
async function withExport(
  settings: Record<string, unknown>,
  { beam = 1, withEncoder = false }: { beam?: number; withEncoder?: boolean },
  work: (folder: string, run: ExportedRun) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const folder = await Deno.makeTempDir();
  const run = madeRun(settings, WIDTH);
  run.decoding.beam = beam;
  const network = withEncoder ? await loadNetwork(networkOf(run.encoder)) : undefined;
  try {
    await writeWebExport(folder, run, network);
    network?.model.dispose();
    await work(folder, run);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An exported run behind HTTP, as a page has it. */
async function withServer(
  name: string,
  withEncoder: boolean,
  work: (base: string, folder: string) => Promise<void>,
): Promise<void> {
  await withExport(variants[name], { withEncoder }, async (folder) => {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    const server = Deno.serve(options, async (request) => {
      const path = folder + new URL(request.url).pathname;
      return new Response(await Deno.readFile(path));
    });
    try {
      await work(`http://127.0.0.1:${server.addr.port}/`, folder);
    } finally {
      await server.shutdown();
    }
  });
}

for (const name of Object.keys(variants)) {
  Deno.test({
    name: `writeWebExport() of ${name} loads in TF.js over HTTP with logits within 1e-4`,
    ignore,
    sanitizeResources: false, // TF.js' requests are kept alive
    fn: () =>
      withServer(name, false, async (base, folder) => {
        const run = madeRun(variants[name], WIDTH);
        const { decoder } = JSON.parse(await Deno.readTextFile(`${folder}/card.json`));
        const card = decoder.layersModel;
        const model = await tf.loadLayersModel(base + card.model);
        const feature = Float32Array.from({ length: WIDTH }, (_, i) => Math.sin(3 * i + 1));
        const expected = probabilities(run, feature, words);
        assertEquals(model.inputNames, card.inputs.map(({ name }: { name: string }) => name));
        words.forEach((_, n) => {
          const found = tf.tidy(() => {
            const row = tf.tensor2d([...scaled(feature, card.featureScale)], [1, WIDTH]);
            const given: tf.Tensor[] = [row, tf.tensor2d([words.slice(0, n + 1)])];
            if (card.places !== undefined) given.push(tf.zeros([1, card.places - n - 1, 10]));
            return (model.predict(given) as tf.Tensor).dataSync();
          });
          const difference = logDifference(found, expected[n]);
          assert(difference < 1e-4, `after ${n + 1} words: ${difference}`);
        });
        model.dispose();
      }),
  });
}

function scaled(feature: Float32Array, scale: "none" | "l2" | "meanSquare"): Float32Array {
  if (scale === "none") return feature;
  const sum = feature.reduce((sum, x) => sum + x * x, 0);
  const length = Math.sqrt(scale === "l2" ? sum : sum / feature.length);
  return feature.map((x) => x / length);
}

/** What the code in the card gives for `image`, or for `features`. */
async function runCard(
  folder: string,
  given: { image?: unknown; features?: Float32Array },
): Promise<Captions> {
  const readme = await Deno.readTextFile(`${folder}/README.md`);
  const code = /```js\n([^]*?)```/.exec(readme)![1];
  const page = `${folder}/page.js`;
  const names = Object.keys(given).join(", ");
  await Deno.writeTextFile(
    page,
    `const { ${names} } = globalThis.given;\n${code}captioner.dispose();\n` +
      "export { alternatives, caption, words };\n",
  );
  Object.assign(globalThis, { given });
  const { caption, words, alternatives } = await import(toFileUrl(page).href);
  return { caption, words, alternatives } as Captions;
}

for (const [name, settings] of Object.entries({ ...variants, ...withoutLayers })) {
  for (const beam of [1, 3]) {
    Deno.test({
      name: `the card's code captions a photo by ${name}, beam ${beam}, exactly as the run does`,
      ignore,
      sanitizeResources: false, // TF.js' requests are kept alive
      fn: () =>
        withExport(settings, { beam, withEncoder: true }, async (folder, run) => {
          const encoder = await createEncoder(networkOf(run.encoder));
          const feature = await encoder.encode(pixels, 1);
          encoder.dispose();
          const tensors = tf.memory().numTensors;
          const { logProbability: _, ...expected } = await ownCaptions(run, feature);
          assert(expected.caption.length > 0);
          assertEquals(await runCard(folder, { image: photo }), expected);
          assertEquals(tf.memory().numTensors, tensors);
          if (beam === 1) assertEquals(expected.caption, greedyCaption(run, feature));
        }),
    });
  }
}

Deno.test({
  name: "the card's code of an export without encoder captions features exactly as the run does",
  ignore,
  fn: () =>
    withExport(variants.merge, { beam: 3 }, async (folder, run) => {
      const features = Float32Array.from({ length: WIDTH }, (_, i) => Math.sin(3 * i + 1));
      const { logProbability: _, ...expected } = await ownCaptions(run, features);
      assertEquals(await runCard(folder, { features }), expected);
      const { loadCaptioner } = await import(toFileUrl(`${folder}/captioner.js`).href);
      const captioner = await loadCaptioner();
      await assertRejects(
        () => captioner.captionPhoto(photo),
        Error,
        "The run was exported without its encoder: call captionFeatures()",
      );
      captioner.dispose();
    }),
});

Deno.test({
  name: "writeWebExport() of the same run gives the same bytes; captioner.js is below 200 KB, " +
    "imports TF.js alone and names no path of this machine",
  ignore,
  fn: () =>
    withExport(variants.merge, { withEncoder: true }, async (folder, run) => {
      const script = await Deno.readTextFile(`${folder}/captioner.js`);
      assert(script.length > 20_000 && script.length < 200_000, `${script.length}`);
      const imported = [...script.matchAll(/(?:\bfrom|\bimport\b[ (]*)"([^"]+)"/g)];
      assertEquals([...new Set(imported.map(([, name]) => name))], ["@tensorflow/tfjs"]);
      assert(!/\bDeno\b|file:\/\/|node:/.test(script));
      const again = await Deno.makeTempDir();
      const network = await loadNetwork(networkOf(run.encoder));
      try {
        await writeWebExport(again, run, network);
        const files = await filesOf(folder);
        assertEquals(await filesOf(again), files);
        for (const file of files) {
          const [a, b] = [folder, again].map((at) => Deno.readFileSync(`${at}/${file}`));
          assertEquals(a, b, file);
        }
      } finally {
        network.model.dispose();
        await Deno.remove(again, { recursive: true });
      }
    }),
});

async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) files.push(name);
    else files.push(...(await filesOf(`${folder}/${name}`)).map((file) => `${name}/${file}`));
  }
  return files.toSorted();
}

Deno.test({
  name: "writeWebExport() of a decoder without TF.js layers has no layers model",
  ignore,
  fn: () =>
    withExport(withoutLayers.init_inject, {}, async (folder) => {
      assertEquals(await filesOf(folder), [
        "README.md",
        "captioner.js",
        "captioner.json",
        "card.json",
        "decoder.svg",
        "decoder/weights.safetensors",
        "vocabulary/showtell_tokenizer.json",
      ]);
    }),
});

Deno.test({
  name: "writeWebExport(): the encoder's features equal createEncoder()'s, the vocabulary is whole",
  ignore,
  sanitizeResources: false,
  fn: () =>
    withServer("merge", true, async (base, folder) => {
      const run = madeRun(variants.merge, WIDTH);
      const encoder = await createEncoder(networkOf(run.encoder));
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
