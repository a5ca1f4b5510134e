import * as tf from "@tensorflow/tfjs";
import { type GateActivation, recurrentLayers, type RecurrentState } from "../../lib/nn/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";

// The plain way, on TF.js' own backend: no permission is needed.
tf.env().set("IS_TEST", true);
await tf.setBackend("cpu");

const [TIME, BATCH, WIDTH, UNITS] = [4, 2, 3, 2];

/** sin(1.7 i + start) in row-major order: arrays that are easy to make in Python as well. */
function wave(shape: number[], start: number): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + start)), shape);
}

/** Inputs [TIME, BATCH, WIDTH]. */
const sequence = () =>
  tf.transpose(tf.mul(wave([BATCH, TIME, WIDTH], 1), 2), [1, 0, 2]) as tf.Tensor3D;

/** Layers of one kind. */
function made(
  cell: "lstm" | "gru",
  { layers = 1, recurrentActivation = "sigmoid", resetAfter = true, layerDropout = 0 }: {
    layers?: number;
    recurrentActivation?: GateActivation;
    resetAfter?: boolean;
    layerDropout?: number;
  } = {},
) {
  const settings = { cell, layers, units: UNITS, recurrentActivation, resetAfter, layerDropout };
  return recurrentLayers(WIDTH, settings);
}

/** Weights of layers, each array another wave, the first one's as in Keras below. */
function wavesOf({ weights }: ReturnType<typeof made>): Map<string, tf.Tensor> {
  return new Map([...weights].map(([name, { shape }], i) => [name, wave(shape, 2 + i)]));
}

/** Outputs of Keras 3.15's layers [TIME, BATCH, UNITS]; hard_sigmoid given as clip(0.2 x + 0.5, 0, 1). */
const keras: [string, ReturnType<typeof made>, number[]][] = [
  [
    "GRU",
    made("gru"),
    [
      [-0.790002, 0.389897, 0.732567, -0.991277, -0.307163, 0.43083, 0.751844, -0.97103],
      [-0.915081, 0.646164, 0.345686, -0.161582, -0.934197, -0.511347, -0.864135, 0.437626],
    ].flat(),
  ],
  [
    "GRU(reset_after=False)",
    made("gru", { resetAfter: false }),
    [
      [-0.560907, 0.397492, 0.419884, -0.985461, -0.544933, 0.439917, 0.502172, -0.819781],
      [-0.980473, 0.640612, 0.017105, -0.265879, -0.981618, -0.152635, -0.962736, 0.278372],
    ].flat(),
  ],
  [
    "GRU with hard_sigmoid",
    made("gru", { recurrentActivation: "hard_sigmoid" }),
    [
      [-0.893342, 0.394168, 0.742449, -0.999361, -0.351526, 0.394168, 0.751318, -0.974633],
      [-0.950422, 0.62701, 0.354122, -0.14848, -0.950421, -0.48288, -0.933023, 0.430085],
    ].flat(),
  ],
  [
    "GRU(reset_after=False) with hard_sigmoid",
    made("gru", { resetAfter: false, recurrentActivation: "hard_sigmoid" }),
    [
      [-0.5137, 0.400901, 0.370411, -0.995083, -0.55849, 0.400901, 0.47906, -0.829248],
      [-0.996428, 0.630958, 0.019795, -0.22629, -0.984902, -0.115777, -0.994133, 0.307303],
    ].flat(),
  ],
  [
    "LSTM with hard_sigmoid",
    made("lstm", { recurrentActivation: "hard_sigmoid" }),
    [
      [0.176451, 0.298002, 0.140059, -0.33515, 0.318815, 0.228354, 0.09917, -0.678129],
      [0.318815, 0.037354, 0.214928, -0.619053, 0.298714, 0.00123, 0.34903, -0.146909],
    ].flat(),
  ],
];

for (const [name, layers, expected] of keras) {
  Deno.test(`recurrentLayers() of one ${name} gives Keras' outputs`, () => {
    tf.tidy(() => {
      const initial: RecurrentState = Object.fromEntries(
        layers.stateNames.map((name, i) => [name, wave([BATCH, UNITS], 5 + i) as tf.Tensor2D]),
      );
      const outputs = layers.apply(wavesOf(layers), sequence(), { initial });
      assertEquals(outputs.shape, [TIME, BATCH, UNITS]);
      outputs.dataSync().forEach((x, i) => assertAlmostEquals(x, expected[i], 2e-6));
    });
  });
}

for (const cell of ["lstm", "gru"] as const) {
  for (const resetAfter of cell === "gru" ? [true, false] : [true]) {
    Deno.test(`recurrentLayers() of three ${cell}, resetAfter ${resetAfter}: apply() equals step() carried on`, () => {
      tf.tidy(() => {
        const layers = made(cell, { layers: 3, resetAfter });
        const weights = wavesOf(layers);
        let state = layers.start(BATCH);
        assertEquals(Object.keys(state), [...layers.stateNames]);
        const outputs = tf.unstack(sequence()).map((x) => {
          state = layers.step(weights, x as tf.Tensor2D, state);
          return layers.output(state);
        });
        const [carried, whole] = [tf.stack(outputs), layers.apply(weights, sequence())];
        assert(tf.max(tf.abs(tf.sub(carried, whole))).dataSync()[0] < 1e-6);
      });
    });
  }
}

Deno.test("recurrentLayers() names weights and state by cell and layer", () => {
  const lstm = made("lstm", { layers: 2 });
  assertEquals([...lstm.weights].map(([name, { shape }]) => [name, shape]), [
    ["lstm/kernel", [WIDTH, 4 * UNITS]],
    ["lstm/recurrent_kernel", [UNITS, 4 * UNITS]],
    ["lstm/bias", [4 * UNITS]],
    ["lstm_2/kernel", [UNITS, 4 * UNITS]],
    ["lstm_2/recurrent_kernel", [UNITS, 4 * UNITS]],
    ["lstm_2/bias", [4 * UNITS]],
  ]);
  assertEquals(lstm.stateNames, ["h", "c", "h_2", "c_2"]);
  const shapes = (layers: ReturnType<typeof made>) =>
    [...layers.weights].map(([name, { shape }]) => [name, shape]);
  assertEquals(shapes(made("gru")), [
    ["gru/kernel", [WIDTH, 3 * UNITS]],
    ["gru/recurrent_kernel", [UNITS, 3 * UNITS]],
    ["gru/bias", [2, 3 * UNITS]],
  ]);
  assertEquals(shapes(made("gru", { resetAfter: false }))[2], ["gru/bias", [3 * UNITS]]);
  assertEquals(made("gru", { layers: 2 }).stateNames, ["h", "h_2"]);
});

Deno.test("recurrentLayers(): layerDropout acts between layers alone, with random numbers alone", () => {
  tf.tidy(() => {
    const outputs = (layers: number, layerDropout: number, random?: Random) => {
      const stack = made("gru", { layers, layerDropout });
      return [...stack.apply(wavesOf(stack), sequence(), { random }).dataSync()];
    };
    assertEquals(outputs(1, 0.5, new Random(1)), outputs(1, 0));
    assertEquals(outputs(2, 0.5), outputs(2, 0));
    assert(String(outputs(2, 0.5, new Random(1))) !== String(outputs(2, 0)));
  });
});
