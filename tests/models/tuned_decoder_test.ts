import * as tf from "@tensorflow/tfjs";
import {
  createDecoder,
  type Decoder,
  type FeatureLayers,
  modelSettings,
  tunedDecoder,
} from "../../lib/models/mod.ts";
import type { WeightTensors } from "../../lib/nn/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { captionBatch, crossEntropy, disposeBatch } from "../../lib/training/mod.ts";
import { gradientsOf } from "../../lib/training/gradients_of.ts";
import { assert, assertEquals } from "../assert.ts";
import { normal } from "../engine/tensorflow/gradients.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";
import { madeCaptions } from "./made_captions.ts";

/** Channels before the layers, and after. */
const [given, gives] = [3, 6];

const layers: FeatureLayers = {
  weightShapes: new Map([["encoder/mix/kernel", [given, gives]], ["encoder/mix/bias", [gives]]]),
  activations: 1000,
  apply(weights, input) {
    const rows = tf.reshape(input, [-1, given]) as tf.Tensor2D;
    const kernel = weights.get("encoder/mix/kernel") as tf.Tensor2D;
    const mixed = tf.add(tf.matMul(rows, kernel), weights.get("encoder/mix/bias")!);
    return tf.reshape(mixed, [...input.shape.slice(0, -1), gives]);
  },
};

const models: { kind: string; grid?: number[] }[] = [
  { kind: "merge", embedding: 5, units: 7, dense: 4 },
  { kind: "merge", embedding: 5, units: 7, dense: 4, imageScale: "meanSquare" },
  { kind: "init_inject", embedding: 5, units: 7 },
  { kind: "par_inject", embedding: 5, units: 7 },
  { kind: "bilstm_dot", embedding: 5, units: 4, imageSteps: 3 },
  { kind: "attention", embedding: 5, units: 7, regionUnits: 6, heads: 2, grid: [2, 2] },
  { kind: "transformer", width: 8, heads: 2, feedForward: 8, grid: [2, 2] },
] as never;

function decoderOf({ grid = [], ...model }: typeof models[number], fused?: Decoder["fused"]) {
  const inputs = { vocabularySize: 23, featureShape: [...grid, gives] };
  return createDecoder(modelSettings.parse(model), inputs, fused);
}

function weightsOf(decoder: Decoder): WeightTensors {
  const own = [...decoder.initialWeights(1)].map(([name, { shape, data }]) =>
    [name, tf.tensor(data, shape)] as const
  );
  const ofLayers = [...layers.weightShapes].map(([name, shape]) =>
    [name, normal(name, shape, 0.5)] as const
  );
  return new Map([...ofLayers, ...own]);
}

/** Of a central difference: large, as the loss has 7 digits. */
const STEP = 1e-2;

function dot(some: tf.Tensor[], others: tf.Tensor[]): number {
  return tf.addN(some.map((x, i) => tf.sum(tf.mul(x, others[i])))).dataSync()[0];
}

for (const model of models) {
  Deno.test({
    name: `tunedDecoder() of ${
      Object.values(model).join(" ")
    } has gradients of the encoder's layers`,
    ignore,
    async fn() {
      const { backend, fused } = await startTensorFlow();
      await withoutLeak(backend, () => {
        tf.tidy(() => {
          const decoder = decoderOf(model, fused);
          const tuned = tunedDecoder(decoder, layers, true);
          const weights = weightsOf(decoder);
          assertEquals([...tuned.weightShapes.keys()], [...weights.keys()]);
          const set = madeCaptions(6, { width: given, grid: model.grid });
          const { batch } = captionBatch(set, [0, 1, 2, 3, 4, 5]);
          const names = [...layers.weightShapes.keys()];
          const loss = (...own: tf.Tensor[]) =>
            crossEntropy(
              tuned,
              new Map([...weights, ...own.map((x, i) => [names[i], x] as const)]),
              batch,
            );
          const own = names.map((name) => weights.get(name)!);
          const gradients = tf.grads(loss as (...own: tf.Tensor[]) => tf.Scalar)(own);
          const directions = [
            gradients,
            own.map((x, i) => normal(`up ${i}`, x.shape)),
            own.map((x, i) => normal(`down ${i}`, x.shape)),
          ];
          const size = Math.sqrt(dot(gradients, gradients));
          for (const direction of directions) {
            const length = Math.sqrt(dot(direction, direction));
            const along = (step: number) =>
              loss(...own.map((x, i) => tf.add(x, tf.mul(direction[i], step / length))))
                .dataSync()[0];
            const difference = (along(STEP) - along(-STEP)) / (2 * STEP);
            const error = Math.abs(difference - dot(gradients, direction) / length) / size;
            assert(error < 1e-2, `off by ${error}`);
          }
          const input = tf.tensor(set.features.gather(["photo0"]), [1, ...model.grid ?? [], given]);
          const starts = [
            tuned.start(weights, input),
            decoder.start(weights, layers.apply(weights, input)),
          ].map(({ state, photos }) =>
            Object.entries({ ...state, ...photos }).map(([name, x]) => [name, [...x.dataSync()]])
          );
          assertEquals(starts[0], starts[1]);
          disposeBatch(batch);
        });
      });
    },
  });
}

Deno.test({
  name:
    "gradientsOf() a tuned decoder reach the encoder's layers if they are trained, and only then",
  ignore,
  async fn() {
    const { backend, fused } = await startTensorFlow();
    await withoutLeak(backend, () => {
      tf.tidy(() => {
        const decoder = decoderOf(models[0], fused);
        const weights = weightsOf(decoder);
        const set = madeCaptions(4, { width: given });
        const learned = (trained: boolean) => {
          const { sums } = gradientsOf(tunedDecoder(decoder, layers, trained), weights, {
            words: 10,
            parts: [{ words: 10, path: [], read: () => captionBatch(set, [0, 1, 2, 3]).batch }],
          }, { objective: crossEntropy, random: () => new Random(1) });
          return [...sums].map(([name, sum]) => {
            assert(tf.max(tf.abs(sum)).dataSync()[0] > 0, `${name} has no gradient`);
            return name;
          });
        };
        const own = [...decoder.weightShapes.keys()];
        assertEquals(learned(true), [...layers.weightShapes.keys(), ...own]);
        assertEquals(learned(false), own);
      });
    });
  },
});
