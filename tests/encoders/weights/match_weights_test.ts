import { matchWeights } from "../../../lib/encoders/weights/match_weights.ts";
import type { WantedLayer } from "../../../lib/encoders/weights/weight_match.ts";
import { architectures } from "../../../lib/encoders/mod.ts";
import type { SourceLayer, WeightSource } from "../../../lib/encoders/weights/weight_source.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";

const wanted: WantedLayer[] = [
  {
    name: "block1_conv1",
    arrays: [{ name: "kernel", shape: [3, 3, 3, 64] }, { name: "bias", shape: [64] }],
  },
  {
    name: "block1_conv2",
    arrays: [{ name: "kernel", shape: [3, 3, 64, 64] }, { name: "bias", shape: [64] }],
  },
];

function source(layers: SourceLayer[]): WeightSource {
  return { label: "a.h5", digest: "", layers, read: () => new Float32Array(), close() {} };
}

const fitting = (): SourceLayer[] =>
  wanted.map(({ name, arrays }) => ({
    name,
    arrays: arrays.map(({ name: array, shape }) => ({ name: `${name}/${array}:0`, shape })),
  }));

const refused = (layers: SourceLayer[], ...messages: string[]) => {
  const error = assertThrows(
    () => matchWeights(architectures.vgg16, wanted, source(layers)),
    RangeError,
  );
  for (const message of messages) assert(error.message.includes(message), error.message);
  assert(!error.message.includes("\n"), error.message);
};

Deno.test("matchWeights() finds arrays by name whatever their order", () => {
  const layers = fitting().toReversed();
  layers[0].arrays.reverse();
  const match = matchWeights(architectures.vgg16, wanted, source(layers));
  assertEquals(match.get("block1_conv1"), { layer: 1, arrays: [0, 1] });
  assertEquals(match.get("block1_conv2"), { layer: 0, arrays: [1, 0] });
});

Deno.test("matchWeights() takes arrays without names in their order", () => {
  const layers = fitting();
  for (const layer of layers) layer.arrays = layer.arrays.map(({ shape }) => ({ shape }));
  const match = matchWeights(architectures.vgg16, wanted, source(layers));
  assertEquals(match.get("block1_conv2"), { layer: 1, arrays: [0, 1] });
});

Deno.test("matchWeights() takes a file in order, and says so, if none of its names is known", () => {
  const layers = fitting();
  layers.forEach((layer, i) => layer.name = `conv2d_${i + 1}`);
  const said: string[] = [];
  const match = matchWeights(
    architectures.vgg16,
    wanted,
    source(layers),
    (line) => said.push(line),
  );
  assertEquals(match.get("block1_conv2"), { layer: 1, arrays: [0, 1] });
  assertEquals(said.length, 1);
});

Deno.test("matchWeights() refuses one layer of another name", () => {
  const layers = fitting();
  layers[0].name = "conv0";
  refused(layers, "another network than vgg16", '"block1_conv1" is missing', '"conv0"');
});

Deno.test("matchWeights() refuses other shapes, with what is there and what should be", () => {
  const layers = fitting();
  layers[1].arrays[0].shape = [3, 3, 64, 32];
  refused(layers, 'kernel of layer "block1_conv2" is [3,3,64,32], not [3,3,64,64]');
});

Deno.test("matchWeights() refuses a layer too many: VGG19 has all of VGG16's names", () => {
  refused(
    [...fitting(), { name: "block3_conv4", arrays: [{ shape: [3, 3, 256, 256] }] }],
    'vgg16 has no layer "block3_conv4"',
  );
});

Deno.test("matchWeights() refuses arrays missing or too many", () => {
  const few = fitting();
  few[0].arrays.pop();
  refused(few, 'layer "block1_conv1" has no bias');
  const many = fitting();
  many[0].arrays.push({ name: "block1_conv1/scale", shape: [64] });
  refused(many, "has 3 arrays, not 2");
});

Deno.test("matchWeights() lists the first differences and counts the rest", () => {
  const others = Array.from({ length: 9 }, (_, i) => ({ name: `dense_${i}`, arrays: [] }));
  refused([fitting()[0], ...others], 'no layer "dense_3"', "and 6 more");
});

Deno.test("matchWeights() tells a file without top from one of another network", () => {
  const fc1 = { name: "fc1", arrays: [{ name: "kernel", shape: [25088, 4096] }] };
  const error = assertThrows(
    () => matchWeights(architectures.vgg16, [...wanted, fc1], source(fitting())),
    RangeError,
    'no weights of "fc1"',
  );
  assert(error.message.includes('up to "flatten"'), error.message);
});

Deno.test("matchWeights() leaves out the head that was put after the network, and says so", () => {
  const head = { name: "dense_7", arrays: [{ name: "kernel", shape: [512, 10] }] };
  const norm = { name: "mine", arrays: [{ name: "gamma", shape: [10] }] };
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const layers = [head, ...fitting(), norm]; // Keras 3's groups are in no order
  const match = matchWeights(architectures.vgg16, wanted, source(layers), say);
  assertEquals([...match.values()].map(({ layer }) => layer), [1, 2]);
  assertEquals(said, ["a.h5 has layers after the network, left out: dense_7, mine"]);
  const fc1 = { name: "fc1", arrays: [{ name: "kernel", shape: [25088, 4096] }] };
  assertThrows(
    () => matchWeights(architectures.vgg16, [...wanted, fc1], source(layers)),
    RangeError,
    'no weights of "fc1"',
  );
});

Deno.test("matchWeights() names the network that a file is of, and what to do with a decoder", () => {
  const names = architectures.mobilenet_v2.layers.filter(({ weighted }) => weighted);
  const mobilenet = names.map(({ name }) => ({ name, arrays: [{ shape: [1, 1, 8, 8] }] }));
  refused(mobilenet, "another network than vgg16", "set encoder.kind to mobilenet_v2, or");
  const decoder = ["embedding", "lstm", "dense"].map((name) => ({
    name,
    arrays: [{ shape: [50, 16] }],
  }));
  refused(decoder, "no convolutions, but the layers embedding; lstm", "deno task import");
  const wide = fitting();
  wide[0].arrays[0].shape = [3, 3, 3, 32];
  refused(wide, "give a file of vgg16 as keras.applications makes it by default");
});
