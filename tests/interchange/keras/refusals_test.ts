import fc from "fast-check";
import { readKerasModel } from "../../../lib/interchange/mod.ts";
import { decoderLayers } from "../../../lib/interchange/keras/decoder_layers.ts";
import { asKerasDecoder } from "../../../lib/interchange/keras/keras_decoder.ts";
import { makeHdf5 } from "../../../lib/storage/mod.ts";
import type { LayerSpec, ModelSpec } from "../../../lib/interchange/keras/layer_specs.ts";
import { keras2Config } from "../../../lib/interchange/keras/serialise.ts";
import { kerasArchive } from "../../../lib/interchange/keras/write_archive.ts";
import { kerasH5 } from "../../../lib/interchange/keras/write_h5.ts";
import { createDecoder, modelSettings } from "../../../lib/models/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { READ } from "../../../lib/interchange/keras/recognise_decoder.ts";
import { archiveOf } from "../zip_archive.ts";

const ignore = !granted("read", "write");
const inputs = { vocabularySize: 11, featureShape: [6] };

function made(kind: string, more: Record<string, unknown> = {}) {
  const settings = modelSettings.parse({ kind, embedding: 4, units: 5, dense: 3, ...more });
  const weights = createDecoder(settings, inputs).initialWeights(1);
  return { spec: decoderLayers(asKerasDecoder(settings), inputs, { length: 7 }), weights };
}

/** A model with one of its layers changed. */
function altered(spec: ModelSpec, name: string, change: Partial<LayerSpec>): ModelSpec {
  assert(spec.layers.some((layer) => layer.name === name), name);
  const layers = spec.layers.map((layer) => {
    if (layer.name !== name) return layer;
    return { ...layer, ...change, config: { ...layer.config, ...change.config } };
  });
  return { ...spec, layers };
}

/** The message about a file, one sentence, with FILE for its path. */
async function refusal(suffix: string, bytes: Uint8Array, kind = Error): Promise<string> {
  const path = await Deno.makeTempFile({ suffix });
  try {
    await Deno.writeFile(path, bytes);
    const { message } = await assertRejects(() => readKerasModel(path), kind);
    assert(!message.includes("\n") && !message.includes(". "), message);
    return message.replaceAll(path, "FILE");
  } finally {
    await Deno.remove(path);
  }
}

const cell = (more: Record<string, unknown>) => ({
  merge_mode: "concat",
  layer: {
    class_name: "LSTM",
    config: {
      name: "inner",
      units: 5,
      activation: "tanh",
      recurrent_activation: "sigmoid",
      use_bias: true,
      return_sequences: true,
      ...more,
    },
  },
});

const cases: [kind: string, layer: string, change: Partial<LayerSpec>, said: string][] = [
  ["bilstm_dot", "embedding", { config: { mask_zero: false } }, "does not mask padding"],
  ["merge", "lstm", { className: "GRU" }, "of shape [4,20], not [4,15]"],
  ["merge", "lstm", { className: "SimpleRNN" }, 'adds "image" (Dense) and "lstm" (SimpleRNN)'],
  ["merge", "lstm", { className: "CuDNNLSTM" }, 'adds "image" (Dense) and "lstm" (CuDNNLSTM)'],
  ["merge", "lstm", { className: "CuDNNGRU" }, 'adds "image" (Dense) and "lstm" (CuDNNGRU)'],
  ["merge", "lstm", { config: { recurrent_activation: "relu" } }, '"hard_sigmoid" can be imported'],
  ["merge", "lstm", { config: { activation: "relu" } }, 'has activation "relu"; only "tanh"'],
  ["merge", "lstm", { config: { go_backwards: true } }, "has go_backwards true"],
  ["merge", "image", { config: { activation: "selu" } }, 'has activation "selu"; only "relu"'],
  [
    "merge",
    "image_dropout",
    { className: "BatchNormalization" },
    "has 0 arrays in the file, not 4",
  ],
  ["merge", "image_dropout", { className: "LayerNormalization" }, "(LayerNormalization) does not"],
  ["merge", "merge", { className: "Multiply" }, "image and words should meet there in an Add"],
  ["merge", "output", { config: { units: 12 } }, "predicts 12 words, but the embedding"],
  ["merge", "image_features", { config: { batch_shape: [null, 7, 7, 6] } }, "is one vector"],
  ["merge", "dense", { config: { use_bias: false } }, "has use_bias false; only true"],
  ["merge", "dense", { config: { units: "many" } }, 'has units "many", not a whole number'],
  ["bilstm_dot", "words_lstm", { config: { merge_mode: "sum" } }, 'has merge_mode "sum"; only'],
  ["bilstm_dot", "words_lstm", { config: cell({ units: 4 }) }, "has 4 units"],
  ["bilstm_dot", "image_lstm", { config: cell({ activation: "relu" }) }, '"image_lstm/inner"'],
  ["bilstm_dot", "attention", { config: { use_scale: true } }, "has use_scale true"],
  ["bilstm_dot", "attention", { className: "AdditiveAttention" }, "(AdditiveAttention) does not"],
  ["bilstm_dot", "attention", { inputs: ["words_lstm", "image_lstm"] }, "(RepeatVector) does not"],
  ["bilstm_dot", "context_sum", { config: { scale: 2 } }, "multiplies by 2; only the 7 steps"],
  ["bilstm_dot", "joined", { config: { axis: 0 } }, "has axis 0; only -1 or 1"],
  ["padded", "attended", { config: { axes: [1, 2] } }, "does not fit: as abc,adb->acd"],
  [
    "padded",
    "scores",
    { config: { normalize: true } },
    "normalises its inputs before it multiplies them",
  ],
  ["padded", "attention", { config: { axis: 1 } }, "has axis 1; only -1 or 2"],
];

for (const [kind, layer, change, said] of cases) {
  Deno.test({
    name: `readKerasModel() refuses ${kind} whose ${layer} is ${JSON.stringify(change)}`,
    ignore,
    fn: async () => {
      const { spec, weights } = kind === "padded"
        ? made("bilstm_dot", { imageSteps: 7, softmaxOver: 7 })
        : made(kind, kind === "merge" ? {} : { imageSteps: 7 });
      const file = await kerasH5(altered(spec, layer, change), weights);
      const message = await refusal(".h5", file, RangeError);
      assert(message.startsWith("FILE cannot be imported: layer "), message);
      assert(message.includes(said), message);
    },
  });
}

Deno.test({
  name: "readKerasModel() refuses a Lambda without an equation in its code",
  ignore,
  fn: async () => {
    const { spec, weights } = made("bilstm_dot", { imageSteps: 7, softmaxOver: 7 });
    const code = btoa("\xe3os\x04system(x)");
    const hidden = altered(spec, "attended", {
      className: "Lambda",
      config: { function: [code, null, null] },
    });
    assertEquals(
      await refusal(".h5", await kerasH5(hidden, weights), RangeError),
      'FILE cannot be imported: layer "attended" (Lambda) holds Python code, which is never ' +
        "run, and there is no equation of tf.einsum in it: what it does in the attention is " +
        `unknown; ${READ}`,
    );
  },
});

Deno.test({
  name: "readKerasModel() names an array of another shape, and one that is missing",
  ignore,
  fn: async () => {
    const { spec, weights } = made("merge");
    const wrong = new Map(weights);
    wrong.set("lstm/kernel", { shape: [5, 20], data: new Float32Array(100) });
    for (const [suffix, write] of [[".h5", kerasH5], [".keras", kerasArchive]] as const) {
      const message = await refusal(suffix, await write(spec, wrong), RangeError);
      assert(
        /layer "lstm" \(LSTM\) has the array .* of shape \[5,20\], not \[4,20\]/.test(message),
      );
      const missing = altered(spec, "lstm", { weights: ["lstm/kernel", "lstm/recurrent_kernel"] });
      assertEquals(
        await refusal(suffix, await write(missing, weights), RangeError),
        'FILE cannot be imported: layer "lstm" (LSTM) has 2 arrays in the file, not 3',
      );
    }
  },
});

Deno.test({
  name: "readKerasModel() refuses numbers that are not finite, and links to other files",
  ignore,
  fn: async () => {
    const { spec, weights } = made("merge");
    const failed = new Map(weights);
    failed.set("dense/bias", { shape: [3], data: new Float32Array([0, NaN, 0]) });
    const message = await refusal(".h5", await kerasH5(spec, failed), RangeError);
    assert(message.startsWith('FILE cannot be imported: layer "dense" (Dense) has'), message);
    assert(message.endsWith("with numbers that are not finite"), message);
    const target = await Deno.makeTempFile({ suffix: ".h5" });
    try {
      await Deno.writeFile(target, await kerasH5(spec, weights));
      const linked = await makeHdf5((file) => {
        file.create_external_link(target, "model_weights", "model_weights");
        file.create_attribute("model_config", JSON.stringify(keras2Config(spec)));
      });
      assertEquals(
        await refusal(".h5", linked, SyntaxError),
        `FILE is refused: its member model_weights is a link to another file, ${target}`,
      );
    } finally {
      await Deno.remove(target);
    }
  },
});

Deno.test({
  name: "readKerasModel() refuses a file that is not a model, and only part of one",
  ignore,
  fn: async () => {
    const { spec, weights } = made("merge");
    const whole = await kerasH5(spec, weights);
    const half = await refusal(".h5", whole.subarray(0, whole.length >> 1), SyntaxError);
    assert(half.startsWith("FILE is truncated: "), half);
    assertEquals(
      await refusal(".h5", new TextEncoder().encode("<html>".repeat(200)), SyntaxError),
      "FILE is not an HDF5 file but a web page: download it again, with a browser",
    );
    const other = await makeHdf5((root) => root.create_attribute("model_config", "{]"));
    assert(
      (await refusal(".h5", other, SyntaxError)).startsWith("model_config in FILE is not JSON"),
    );
    const sequential = await makeHdf5((root) =>
      root.create_attribute("model_config", '{"class_name":"MyModel","config":{"name":"s"}}')
    );
    assertEquals(
      await refusal(".h5", sequential, RangeError),
      'FILE cannot be imported: the model "s" is of class MyModel: only models of connected layers ' +
        "(functional or sequential) are read; save one of these, whole",
    );
    const empty = await makeHdf5((root) => root.create_group("a"));
    assert((await refusal(".h5", empty, SyntaxError)).includes("holds neither a Keras model nor"));
  },
});

Deno.test({
  name: "readKerasModel() refuses a .keras that escapes, is a bomb, or lacks a part",
  ignore,
  fn: async () => {
    const config = { name: "config.json", content: "{}" };
    const escaping = archiveOf([config, { name: "../model.weights.h5", content: "x" }]);
    assertEquals(
      await refusal(".keras", escaping, SyntaxError),
      "FILE is refused: its member ../model.weights.h5 would lie outside of the archive's folder",
    );
    const bomb = archiveOf([
      config,
      { name: "model.weights.h5", content: new Uint8Array(1000), deflated: true, claims: 2 ** 31 },
    ]);
    assert((await refusal(".keras", bomb, SyntaxError)).includes("is refused as a zip bomb"));
    assertEquals(
      await refusal(".keras", archiveOf([config]), SyntaxError),
      "FILE is not a Keras model: it has no model.weights.h5",
    );
    const damaged = archiveOf([config, { name: "model.weights.h5", content: "no HDF5" }]);
    assertEquals(
      await refusal(".keras", damaged, SyntaxError),
      "model.weights.h5 in FILE is not a complete HDF5 file: get the file again",
    );
    const { spec, weights } = made("merge");
    const archive = await kerasArchive(spec, weights);
    const cut = await refusal(".keras", archive.subarray(0, archive.length >> 1), SyntaxError);
    assert(cut.startsWith("FILE is not a complete zip archive"), cut);
  },
});

Deno.test({
  name: "readKerasModel() refuses layers that form a circle",
  ignore,
  fn: async () => {
    const { spec, weights } = made("merge");
    const circle = altered(spec, "word_dropout", { inputs: ["word_dropout"] });
    assertEquals(
      await refusal(".h5", await kerasH5(circle, weights), SyntaxError),
      'FILE cannot be read: its layers form a circle at "word_dropout"',
    );
  },
});

Deno.test({
  name: "readKerasModel() notes number types other than float32",
  ignore,
  fn: async () => {
    const { spec, weights } = made("merge");
    const mixed = altered(spec, "dense", { config: { dtype: "mixed_float16" } });
    const path = await Deno.makeTempFile({ suffix: ".h5" });
    try {
      await Deno.writeFile(path, await kerasH5(mixed, weights));
      const { notes } = await readKerasModel(path);
      assert(notes.length === 1 && notes[0].startsWith("Keras calculated in mixed_float16"));
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test({
  name:
    "readKerasModel() of a config with any part missing or replaced is read or refused with its path",
  ignore,
  fn: async () => {
    const { spec, weights } = made("bilstm_dot", { imageSteps: 7 });
    const config = JSON.stringify(keras2Config(spec));
    const whole = await kerasH5(spec, weights);
    const path = await Deno.makeTempFile({ suffix: ".h5" });
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 10_000 }),
          fc.constantFrom<unknown>(undefined, null, 3, "x", [], {}, ["words", 0, 0]),
          async (number, value) => {
            const damaged = JSON.parse(config);
            const holders = holdersIn(damaged);
            const [holder, key] = holders[number % holders.length];
            (holder as Record<string, unknown>)[key] = value;
            await Deno.writeFile(path, whole);
            await replaceConfig(path, JSON.stringify(damaged));
            try {
              await readKerasModel(path);
            } catch (error) {
              const known = error instanceof RangeError || error instanceof SyntaxError;
              assert(known && error.message.includes(path), String(error));
            }
          },
        ),
        { numRuns: 300, seed: 1 },
      );
    } finally {
      await Deno.remove(path);
    }
  },
});

/** Every object and array of a document with each of its keys. */
function holdersIn(value: unknown): [holder: object, key: string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [value, key] as [object, string],
    ...holdersIn(inner),
  ]);
}

async function replaceConfig(path: string, config: string): Promise<void> {
  const { File, ready } = await import("h5wasm/node");
  await ready;
  const file = new File(path, "a");
  file.delete_attribute("model_config");
  file.create_attribute("model_config", config);
  file.close();
}
