import { readKerasGraph } from "../../../lib/interchange/keras/graph.ts";
import { normaliseGraph } from "../../../lib/interchange/keras/normalise_graph.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

type Layer = [name: string, className: string, config: Record<string, unknown>, call: unknown];

/** The graph of layers as Keras 2 writes them; the last one is the output. */
function graphOf(...given: Layer[]) {
  const layers = given.map(([name, class_name, config, call]) => ({
    name,
    class_name,
    config: { name, ...config },
    inbound_nodes: call === undefined ? [] : [call],
  }));
  const [output] = given.at(-1)!;
  return readKerasGraph({
    class_name: "Functional",
    config: {
      name: "model",
      layers,
      input_layers: { photo: ["photo", 0, 0] },
      output_layers: [[output, 0, 0]],
    },
  });
}

const photo: Layer = ["photo", "InputLayer", {}, undefined];
const dense: Layer = ["dense", "Dense", { activation: "linear" }, [["photo", 0, 0, {}]]];
const on = (name: string, className: string, config: Record<string, unknown>): Layer => [
  name,
  className,
  config,
  [["dense", 0, 0, {}]],
];

for (
  const [activation, layer] of [
    ["relu", on("a", "ReLU", { max_value: null, negative_slope: 0, threshold: 0 })],
    ["relu", on("a", "Relu", {})],
    ["relu", on("a", "Activation", { activation: "relu" })],
    ["relu", on("a", "TFOpLambda", { function: "nn.relu" })],
    ["softmax", on("a", "Softmax", { axis: -1 })],
    ["softmax", on("a", "Activation", { activation: { config: "softmax" } })],
    ["softmax", on("a", "TFOpLambda", { function: "nn.softmax" })],
  ] as [string, Layer][]
) {
  Deno.test(`normaliseGraph() makes ${JSON.stringify(layer[2])} of ${layer[1]} its dense layer's ${activation}`, () => {
    const { outputs } = normaliseGraph(graphOf(photo, dense, layer));
    assertEquals(outputs.map(({ name, config }) => [name, config.activation]), [
      ["dense", activation],
    ]);
  });
}

Deno.test("normaliseGraph() leaves a leaky ReLU, and a dense layer that others read as it is", () => {
  const leaky = graphOf(photo, dense, on("a", "ReLU", { negative_slope: 0.3 }));
  assertEquals(normaliseGraph(leaky).outputs[0].name, "a");
  const add: Layer = ["sum", "TFOpLambda", { function: "__operators__.add" }, [
    ["dense", 0, 0, { y: ["a", 0, 0] }],
  ]];
  const [sum] = normaliseGraph(graphOf(photo, dense, on("a", "Relu", {}), add)).outputs;
  assertEquals([sum.className, ...sum.inputs.map(({ name }) => name)], ["Add", "dense", "a"]);
});

Deno.test("normaliseGraph() refuses a softmax over the batch", () => {
  const overBatch: Layer = ["a", "TFOpLambda", { function: "nn.softmax" }, [
    ["dense", 0, 0, { axis: 0 }],
  ]];
  assertThrows(
    () => normaliseGraph(graphOf(photo, dense, overBatch)),
    RangeError,
    'layer "a" (Softmax) has axis 0; only -1 or 1',
  );
});

for (
  const [className, config] of [
    ["Permute", { dims: [2, 1] }],
    ["Transpose", { axes: [0, 2, 1] }],
  ] as [string, Record<string, unknown>][]
) {
  Deno.test(`normaliseGraph() makes a Matmul with a ${className} an Einsum without it`, () => {
    const matmul: Layer = ["out", "Matmul", {}, [["photo", 0, 0, {}], ["a", 0, 0, {}]]];
    const [product] = normaliseGraph(graphOf(photo, dense, on("a", className, config), matmul))
      .outputs;
    assertEquals(product.inputs.map(({ name }) => name), ["photo", "dense"]);
    assertEquals(product.config, { subscripts: "abc,adc->abd" });
  });
}
