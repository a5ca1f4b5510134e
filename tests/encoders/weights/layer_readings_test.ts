import { kerasOrder } from "../../../lib/keras/mod.ts";
import { layersUntil } from "../../../lib/encoders/architectures/architecture.ts";
import { wantedOf } from "../../../lib/encoders/weights/load_weights.ts";
import { matchWeights } from "../../../lib/encoders/weights/match_weights.ts";
import type { WantedLayer } from "../../../lib/encoders/weights/weight_match.ts";
import { architectures, buildModel } from "../../../lib/encoders/mod.ts";
import type { SourceLayer, WeightSource } from "../../../lib/encoders/weights/weight_source.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";

const kinds = ["vgg16", "mobilenet_v2", "xception", "inception_v3", "resnet50"];

const known = new Map<string, WantedLayer[]>();

/** What a network up to a layer needs, from a model whose weights take no memory. */
function wantedUntil(kind: string, layer?: string): WantedLayer[] {
  const key = `${kind} ${layer}`;
  if (known.has(key)) return known.get(key)!;
  const model = buildModel(architectures[kind], layer);
  const wanted = model.layers.filter(({ weights }) => weights.length > 0).map(wantedOf);
  model.dispose();
  known.set(key, wanted);
  return wanted;
}

/** Layers as Keras writes them of a network up to a layer, renamed. */
function written(
  kind: string,
  layer: string,
  rename: (name: string, i: number) => string = (name) => name,
): SourceLayer[] {
  const arrays = new Map(wantedUntil(kind, layer).map((wanted) => [wanted.name, wanted.arrays]));
  return kerasOrder(layersUntil(architectures[kind], layer), layer)
    .filter(({ weighted }) => weighted)
    .map(({ name }, i) => ({ name: rename(name, i), arrays: arrays.get(name)! }));
}

function source(layers: SourceLayer[]): WeightSource {
  return { label: "a.h5", digest: "", layers, read: () => new Float32Array(), close() {} };
}

/** As a process numbers automatic names that has made so many layers of each kind before. */
const numberedFrom = (first: number) => (name: string) => {
  const [, kind, number = "0"] = /^(conv2d|batch_normalization)(?:_(\d+))?$/.exec(name) ?? [];
  return kind === undefined ? name : `${kind}_${Number(number) + first}`;
};

/** Layer of the file that each wanted layer is matched with, by Keras' order of the whole. */
function places(kind: string, layers: SourceLayer[], layer?: string, said: string[] = []) {
  const say = (line: string) => said.push(line);
  const match = matchWeights(architectures[kind], wantedUntil(kind, layer), source(layers), say);
  return new Map([...match].map(([name, { layer }]) => [name, layer]));
}

const refused = (kind: string, layers: SourceLayer[], message: string, layer?: string) => {
  const error = assertThrows(() => places(kind, layers, layer), RangeError, message);
  assert(!error.message.includes("\n"), error.message);
  return error.message;
};

for (const kind of ["xception", "inception_v3"]) {
  Deno.test(`matchWeights() tells ${kind}'s automatic names by their order, wherever they begin`, () => {
    const expected = written(kind, "predictions").map(({ name }, i) => [name, i] as const);
    for (const first of [0, 1, 2, 94, 1000]) {
      for (const layer of ["predictions", "avg_pool"]) {
        const said: string[] = [];
        const layers = written(kind, layer, numberedFrom(first));
        const found = places(kind, layers, layer, said);
        const wanted = new Map(expected.slice(0, layers.length));
        assertEquals([...found].toSorted(), [...wanted].toSorted());
        assertEquals(said, []);
      }
    }
  });
}

Deno.test("matchWeights() takes Xception's files of Keras 1, which have no name but the top's", () => {
  const rename = (name: string, i: number) =>
    name === "predictions"
      ? name
      : `${/bn$|^batch/.test(name) ? "batchnormalization" : "convolution2d"}_${i + 1}`;
  for (const layer of ["predictions", "avg_pool"]) {
    const said: string[] = [];
    const layers = written("xception", layer, rename);
    const found = places("xception", layers, layer, said);
    const expected = written("xception", layer).map(({ name }, i) => [name, i] as const);
    assertEquals([...found].toSorted(), [...expected].toSorted());
    assertEquals(said.length, 1);
  }
});

Deno.test("matchWeights() reads a file of a part of the network in that part's order", () => {
  // In a model that ends here, the branches of mixed0 are at other distances from the output.
  for (const part of ["mixed5", "conv2d_11", "average_pooling2d_1"]) {
    const layers = written("inception_v3", part, numberedFrom(7));
    const expected = written("inception_v3", part).map(({ name }, i) => [name, i] as const);
    const found = places("inception_v3", layers, part);
    assertEquals([...found].toSorted(), [...expected].toSorted());
  }
  const message = refused(
    "inception_v3",
    written("inception_v3", "mixed5", numberedFrom(7)),
    "has no weights of ",
    "avg_pool",
  );
  assert(message.includes('an encoder.layer up to "mixed5"'), message);
});

Deno.test("matchWeights() refuses the weights of every other network in one sentence", () => {
  for (const kind of kinds) {
    for (const other of kinds) {
      if (other === kind) continue;
      for (const first of [0, 1]) {
        const layers = written(other, "predictions", numberedFrom(first));
        for (const file of [layers, layers.slice(0, -1)]) { // without top
          const message = refused(kind, file, `the weights of another network than ${kind}: `);
          assert(message.length < 400, message);
        }
      }
    }
  }
});

Deno.test("matchWeights() refuses a layer too many among those with automatic names", () => {
  const layers = written("inception_v3", "predictions");
  layers.splice(-1, 0, { name: "conv2d_94", arrays: [{ shape: [1, 1, 2048, 4] }] });
  refused("inception_v3", layers, '95 layers have automatic names like "conv2d", not 94');
});

Deno.test("matchWeights() refuses shapes that are another layer's", () => {
  const layers = written("inception_v3", "predictions", numberedFrom(3));
  [layers[8].arrays, layers[10].arrays] = [layers[10].arrays, layers[8].arrays];
  refused("inception_v3", layers, 'kernel of layer "conv2d_');
});
