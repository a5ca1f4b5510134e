import { decoderGraph } from "../../lib/interchange/mod.ts";
import { createDecoder, modelSettings, parameterCount } from "../../lib/models/mod.ts";
import { layerDiagram, layersText } from "../../lib/plots/mod.ts";
import { placeLayers } from "../../lib/plots/layers/place_layers.ts";
import { assert, assertEquals } from "../assert.ts";
import { madeRun, variants, withoutLayers } from "./export/made_run.ts";

/** Every decoder with every cell, one and two recurrent layers, and what else adds a layer. */
const all: Record<string, Record<string, unknown>> = { ...variants, ...withoutLayers };
for (const kind of ["merge", "par_inject", "init_inject"]) {
  for (const cell of ["lstm", "gru"]) {
    for (const layers of [1, 2]) {
      for (const dense of kind === "merge" ? [8] : [null, 8]) {
        all[`${kind} ${cell} ${layers} ${dense}`] = { kind, cell, layers, dense };
      }
    }
  }
}
all.concatenate = { kind: "merge", merge: "concatenate", imageUnits: 3, trainEmbedding: false };
all["three layers, dropout"] = { kind: "par_inject", layers: 3, layerDropout: 0.2 };
all["first layer alone"] = { kind: "init_inject", layers: 2, injectInto: "first" };

Deno.test("decoderGraph() has all parameters of every decoder, each once", () => {
  for (const [name, settings] of Object.entries(all)) {
    const run = madeRun(settings, 6);
    const layers = decoderGraph(run);
    const { vocabularySize } = run.tokenizer;
    const decoder = createDecoder(run.model, { vocabularySize, featureShape: [6] });
    const sum = layers.reduce((sum, { parameters }) => sum + parameters, 0);
    assertEquals(sum, parameterCount(decoder), name);
    const frozen = layers.filter(({ isFrozen }) => isFrozen).map(({ name }) =>
      `${name}/embeddings`
    );
    assertEquals(frozen, [...decoder.frozen], name);
    assertEquals(layers.at(-1)!.shape, [vocabularySize]);
    // Each stands after those that it reads, and all but the last are read.
    const seen = new Set<string>();
    for (const { name: layer, inputs } of layers) {
      assert(inputs.every((input) => seen.has(input)), `${name}: ${layer} reads ${inputs}`);
      seen.add(layer);
    }
    const read = new Set(layers.flatMap(({ inputs }) => inputs));
    assertEquals(layers.filter((layer) => !read.has(layer.name)).length, 1, name);
  }
});

Deno.test("decoderGraph() has all parameters of a transformer, each once, over a grid", () => {
  const model = modelSettings.parse({ kind: "transformer", width: 8, layers: 3, maxWords: 9 });
  const run = { ...madeRun({ kind: "merge" }, 6), model, featureShape: [2, 3, 6] };
  const layers = decoderGraph(run);
  const { vocabularySize } = run.tokenizer;
  const decoder = createDecoder(model, { vocabularySize, featureShape: run.featureShape });
  const sum = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  assertEquals(sum, parameterCount(decoder));
  assertEquals(layers.at(-1)!.shape, [vocabularySize]);
  assertEquals(layers.find(({ name }) => name === "layer_3")!.inputs, ["layer_2", "image_norm"]);
  const svg = layerDiagram(layers, "transformer");
  assertEquals(svg.split('class="layer"').length - 1, layers.length);
});

Deno.test("layerDiagram() draws every layer once, none over another, and every connection", () => {
  for (const [name, settings] of Object.entries(all)) {
    const layers = decoderGraph(madeRun(settings, 6));
    const places = placeLayers(layers).map(({ row, lane }) => `${row} ${lane}`);
    assertEquals(new Set(places).size, layers.length, name);
    const svg = layerDiagram(layers, name);
    const connections = layers.reduce((sum, { inputs }) => sum + inputs.length, 0);
    assertEquals(svg.split('class="layer"').length - 1, layers.length);
    assertEquals(svg.split('class="connection"').length - 1, connections);
    const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
    assert(svg.includes(`>${name}: ${total.toLocaleString("en")} parameters</text>`));
    for (const layer of layers) assert(svg.includes(`>${layer.name} · ${layer.kind}`), layer.name);
    assert(!/NaN|undefined/.test(svg));
  }
});

Deno.test("decoderGraph() of the default decoder: what Keras' summary shows", () => {
  const layers = decoderGraph({
    ...madeRun({ kind: "merge" }, 160),
    model: modelSettings.parse({ kind: "merge" }),
  });
  assertEquals(
    layers.map(({ name, kind, shape, parameters }) => [name, kind, shape.join(" "), parameters]),
    [
      ["words", "InputLayer", "8", 0],
      ["image_features", "InputLayer", "160", 0],
      ["embedding", "Embedding", "8 256", 3584],
      ["image_dropout", "Dropout", "160", 0],
      ["word_dropout", "Dropout", "8 256", 0],
      ["image", "Dense", "256", 41_216],
      ["lstm", "LSTM", "256", 525_312],
      ["merge", "Add", "256", 0],
      ["dense", "Dense", "256", 65_792],
      ["output", "Dense", "14", 3598],
    ],
  );
  const text = layersText(layers, "merge").split("\n");
  assertEquals(text[0], "merge: 639,502 parameters");
  assertEquals(text[9], "lstm            LSTM, tanh         256         525,312  word_dropout");
});
