import { readKerasModel, recogniseFile } from "../../../lib/interchange/mod.ts";
import { decoderLayers } from "../../../lib/interchange/keras/decoder_layers.ts";
import { asKerasDecoder } from "../../../lib/interchange/keras/keras_decoder.ts";
import { keras2Config, keras3Config } from "../../../lib/interchange/keras/serialise.ts";
import { createDecoder, modelSettings } from "../../../lib/models/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { type MadeLayer, namedWeights, numberedWeights } from "./weights_file.ts";

const ignore = !granted("read", "write");
const WIDTH = 6;
const WORDS = 11;

/** The published merge decoder: 4 numbers a word, 5 units. */
const merge: MadeLayer[] = [
  ["input_2", {}],
  ["input_1", {}],
  ["embedding", { embeddings: [WORDS, 4] }],
  ["dropout", {}],
  ["dense", { kernel: [WIDTH, 5], bias: [5] }],
  ["lstm", { kernel: [4, 20], recurrent_kernel: [5, 20], bias: [20] }],
  ["add", {}],
  ["dense_1", { kernel: [5, 8], bias: [8] }],
  ["dense_2", { kernel: [8, WORDS], bias: [WORDS] }],
];

/** The same with one layer replaced, or others put before one. */
function changed(name: string, ...by: MadeLayer[]): MadeLayer[] {
  return merge.flatMap((layer) => layer[0] === name ? by : [layer]);
}

async function withFile<T>(
  bytes: Uint8Array,
  work: (path: string, folder: string) => Promise<T>,
  name = "decoder.h5",
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/${name}`, bytes);
    return await work(`${folder}/${name}`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(bytes: Uint8Array, told = {}): Promise<string> {
  return await withFile(bytes, async (path) => {
    const { message } = await assertRejects(() => readKerasModel(path, { told }), Error);
    return message.replaceAll(path, "FILE");
  });
}

Deno.test({
  name: "readKerasModel() of weights alone takes the layers by their names, whichever layout",
  ignore,
  fn: async () => {
    for (const bytes of [await namedWeights(merge), await numberedWeights(merge)]) {
      const model = await withFile(bytes, (path) => readKerasModel(path));
      assertEquals(model.settings.kind, "merge");
      assertEquals(
        model.settings,
        modelSettings.parse({ kind: "merge", embedding: 4, units: 5, dense: 8 }),
      );
      assertEquals([model.vocabularySize, model.featureShape], [WORDS, [WIDTH]]);
      const said = model.notes.join("\n");
      for (const part of ["the merge decoder (image and words added)", "--model.padding.side="]) {
        assert(said.includes(part), said);
      }
    }
  },
});

Deno.test({
  name:
    "readKerasModel() goes by content: TensorFlow wrote HDF5 into files named .keras until 2.11",
  ignore,
  fn: async () => {
    const read = (path: string) => readKerasModel(path);
    const model = await withFile(await namedWeights(merge), read, "decoder.keras");
    assertEquals([model.settings.kind, model.vocabularySize], ["merge", WORDS]);
  },
});

Deno.test({
  name:
    "readKerasModel() of weights alone refuses numbers that are not finite, and weights left over",
  ignore,
  fn: async () => {
    const nan = await refusal(await namedWeights(merge, { fill: NaN }));
    assert(/^FILE cannot be imported: layer "dense" .* not finite$/.test(nan), nan);
    const four = { gamma: [5], beta: [5], moving_mean: [5], moving_variance: [5] };
    const norms: MadeLayer[] = [...merge, ["batch_normalization", four]];
    for (const bytes of [await namedWeights(norms), await numberedWeights(norms)]) {
      const message = await refusal(bytes);
      assert(
        message.includes('layer "batch_normalization" (BatchNormalization) has weights'),
        message,
      );
      assert(message.includes("model.to_json()"), message);
    }
  },
});

Deno.test({
  name:
    "readKerasModel() of weights alone does not take a GRU for an LSTM, nor init-inject for merge",
  ignore,
  fn: async () => {
    const gru: MadeLayer = ["gru", { kernel: [4, 15], recurrent_kernel: [5, 15], bias: [2, 15] }];
    for (const write of [namedWeights, numberedWeights]) {
      const { settings } = await withFile(
        await write(changed("lstm", gru)),
        (path) => readKerasModel(path),
      );
      assert(settings.kind === "merge" && settings.cell === "gru" && settings.resetAfter);
      const other = await withFile(await write(changed("add")), (path) => readKerasModel(path));
      assertEquals(other.settings.kind, "init_inject");
      assert(other.notes.some((note) => note.includes("--model.kind=merge")), `${other.notes}`);
    }
    const bytes = await namedWeights(changed("add"));
    const told = await withFile(bytes, (path) => readKerasModel(path, { told: { kind: "merge" } }));
    assertEquals(told.settings.kind, "merge");
    const message = await refusal(bytes, { kind: "par_inject" });
    assert(message.includes("fit the decoder init_inject or the merge decoder"), message);
  },
});

Deno.test({
  name: "readKerasModel() of weights alone joins as the user says, or says what it assumes",
  ignore,
  fn: async () => {
    const joined = merge.map(([name, arrays]): MadeLayer => {
      if (name === "add") return ["concatenate", {}];
      return name === "dense_1" ? [name, { kernel: [10, 8], bias: [8] }] : [name, arrays];
    });
    const bytes = await namedWeights(joined);
    const rows = async (order?: string) => {
      const told: Record<string, string> = order === undefined ? {} : { order };
      const model = await withFile(bytes, (path) => readKerasModel(path, { told }));
      assert(model.settings.kind === "merge" && model.settings.merge === "concatenate");
      const said = model.notes.some((note) => note.includes("--model.order=words"));
      assertEquals(said, order === undefined);
      return [...model.weights.get("dense/kernel")!.data];
    };
    const image = await rows();
    assertEquals(await rows("words"), [...image.slice(40), ...image.slice(0, 40)]);
  },
});

Deno.test({
  name: "readKerasModel() of weights alone by Keras 2.2 has hard_sigmoid gates, and says so",
  ignore,
  fn: async () => {
    const read = async (version: string, told = {}) => {
      const bytes = await namedWeights(merge, { version });
      const { settings, notes } = await withFile(bytes, (path) => readKerasModel(path, { told }));
      const said = notes.some((note) => note.includes("--model.recurrentActivation="));
      return [(settings as { recurrentActivation: string }).recurrentActivation, said];
    };
    assertEquals(await read("2.2.4"), ["hard_sigmoid", true]);
    assertEquals(await read("2.1.6-tf"), ["hard_sigmoid", true]);
    assertEquals(await read("2.2.4-tf"), ["sigmoid", true]);
    assertEquals(await read("2.3.1"), ["sigmoid", false]);
    assertEquals(await read("2.2.4", { recurrentActivation: "sigmoid" }), ["sigmoid", false]);
  },
});

const settings = modelSettings.parse({ kind: "merge", embedding: 4, units: 5, dense: 8, l2: 0.25 });
const spec = decoderLayers(asKerasDecoder(settings), {
  vocabularySize: WORDS,
  featureShape: [WIDTH],
}, {
  length: 7,
});
const ours: MadeLayer[] = spec.layers.map(({ name, weights }) => {
  const shapes =
    createDecoder(settings, { vocabularySize: WORDS, featureShape: [WIDTH] }).weightShapes;
  return [
    name,
    Object.fromEntries(weights.map((weight) => [
      weight.slice(weight.lastIndexOf("/") + 1),
      shapes.get(weight)!,
    ])),
  ];
});

Deno.test({
  name: "readKerasModel() of weights alone reads the model's layers from a JSON file beside",
  ignore,
  fn: async () => {
    const bytes = await namedWeights(ours);
    const json = JSON.stringify(keras2Config(spec));
    for (const [name, text] of [["model", json], ["decoder", JSON.stringify(json)]]) {
      await withFile(bytes, async (path, folder) => {
        await Deno.writeTextFile(`${folder}/${name}.json`, text);
        const model = await readKerasModel(path);
        assertEquals<unknown>(model.settings, settings);
        assertEquals(model.longest, 7);
        assertEquals(model.notes, [`The model's layers are those in ${folder}/${name}.json`]);
      });
    }
    await withFile(bytes, async (path, folder) => {
      await Deno.writeTextFile(`${folder}/any.json`, json);
      const beside = [path, `${folder}/any.json`];
      const found = await recogniseFile(path, { beside });
      assert(found.kind === "model" && found.model.longest === 7);
      assertEquals((await recogniseFile(beside[1])).kind, "architecture");
    });
  },
});

Deno.test({
  name: "recogniseFile() reads the folder of an unzipped .keras archive, and names other folders",
  ignore,
  fn: async () => {
    const numbered: MadeLayer[] = [
      ["embedding", ours.find(([name]) => name === "embedding")![1]],
      ["lstm", ours.find(([name]) => name === "lstm")![1]],
      ...["image", "dense", "output"].map((name, i): MadeLayer => [
        i === 0 ? "dense" : `dense_${i}`,
        ours.find(([own]) => own === name)![1],
      ]),
    ];
    const bytes = await numberedWeights(numbered);
    await withFile(bytes, async (_, folder) => {
      await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(keras3Config(spec)));
      const found = await recogniseFile(folder);
      assert(found.kind === "model");
      assertEquals<unknown>(found.model.settings, settings);
    }, "model.weights.h5");
    await withFile(bytes, async (_, folder) => {
      await assertRejects(() => recogniseFile(folder), SyntaxError, "it has no model.weights.h5");
      await Deno.writeTextFile(`${folder}/saved_model.pb`, "");
      await assertRejects(
        () => recogniseFile(folder),
        SyntaxError,
        "is a SavedModel of TensorFlow",
      );
    });
  },
});

Deno.test({
  name: "readKerasModel() of an encoder's weights says so, and of another model's layers too",
  ignore,
  fn: async () => {
    const convolution: MadeLayer[] = [
      ["Conv1", { kernel: [3, 3, 3, 4] }],
      ["dense", { kernel: [4, 2] }],
    ];
    const message = await refusal(await namedWeights(convolution));
    assert(message.includes("a network that encodes photos (convolutions), not of"), message);
    const wider = changed("dense", ["dense", { kernel: [WIDTH, 6], bias: [6] }]);
    await withFile(await namedWeights(wider), async (path, folder) => {
      await Deno.writeTextFile(`${folder}/model.json`, JSON.stringify(keras2Config(spec)));
      const error = await assertRejects(() => readKerasModel(path), RangeError);
      assert(error.message.endsWith("JSON that was saved with these weights"), error.message);
    });
  },
});
