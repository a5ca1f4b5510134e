import * as tf from "@tensorflow/tfjs";
import { type Architecture, architectures, TrainableLayers } from "../../../lib/encoders/mod.ts";
import { LayerList } from "../../../lib/encoders/architectures/layer_list.ts";
import { minusOneToOne } from "../../../lib/encoders/architectures/preprocessing.ts";
import type { Weights } from "../../../lib/nn/mod.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { finiteDifferenceError, normal, relativeError } from "../../engine/tensorflow/gradients.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../../engine/tensorflow/tensorflow_backend.ts";
import { randomModel } from "../random_model.ts";

function test(name: string, criterion: () => void): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const { backend } = await startTensorFlow();
      await withoutLeak(backend, criterion);
    },
  });
}

const tensorsOf = (weights: Weights) =>
  new Map([...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));

/** Every kind of layer that can be trained, so small that gradients can be checked. */
function tinyArchitecture(): Architecture {
  const list = new LayerList();
  const convolve = (input: string, name: string, filters: number, kernelSize: number) =>
    list.conv2d(input, { name, filters, kernelSize, padding: "same", useBias: name !== "wide" });
  let x = convolve("input_1", "stem", 4, 3);
  x = list.relu(x, "stem_relu");
  const before = x;
  x = list.relu6(list.batchNormalization(convolve(x, "wide", 6, 1), { name: "bn" }), "relu6");
  x = list.batchNormalization(
    list.depthwiseConv2d(x, { name: "deep", kernelSize: 3, strides: 1 }),
    { name: "deep_bn", epsilon: 1e-2, scale: false },
  );
  x = list.relu(list.add([before, convolve(x, "narrow", 4, 1)], "sum"), "sum_relu");
  x = list.zeroPadding2d(x, 1, "pad");
  x = list.conv2d(x, { name: "strided", filters: 3, kernelSize: 3, strides: 2, padding: "valid" });
  x = list.averagePooling2d(
    x,
    { name: "pool", poolSize: 2, strides: 1, padding: "valid" } as never,
  );
  list.specs.push({
    name: "flat",
    inputs: [x],
    weighted: false,
    make: () => tf.layers.flatten({ name: "flat" }),
  }, {
    name: "dense",
    inputs: ["flat"],
    weighted: true,
    make: () => tf.layers.dense({ name: "dense", units: 3, activation: "relu" }),
  });
  return {
    ...architectures.shapes_cnn,
    kind: "tiny",
    layers: list.specs,
    defaultLayer: "dense",
    defaultImageSize: 6,
    smallestImageSize: 6,
    fixedSizeLayers: [],
    preprocessing: minusOneToOne,
  };
}

const cuts: [string, string, string, number][] = [
  ["mobilenet_v2", "block_15_add", "global_average_pooling2d", 64],
  ["mobilenet_v2", "block_2_add", "block_5_add", 35], // padded strides, of odd sizes
  ["efficientnet_lite0", "block1a_project_bn", "block3b_add", 32],
  ["vgg16", "block1_pool", "block3_pool", 32],
  ["shapes_cnn", "pool3", "features", 96],
  ["resnet50", "conv2_block1_out", "conv2_block2_out", 37], // norms after a bias
  ["inception_v3", "mixed0", "mixed1", 75], // branches, and norms without a scale
];
for (const [kind, after, layer, imageSize] of cuts) {
  test(`TrainableLayers of ${kind} after ${after} give its feature, and put back into it do so again`, () => {
    tf.tidy(() => {
      const model = randomModel(kind, layer, imageSize);
      const input = normal("photos", [2, imageSize, imageSize, 3]);
      const middle = tf.model({ inputs: model.inputs, outputs: model.getLayer(after).output });
      const expected = model.predict(input) as tf.Tensor;
      assert(tf.max(tf.abs(expected)).dataSync()[0] > 1e-4, "the network is dead");
      const layers = new TrainableLayers(architectures[kind], { after, layer, imageSize });
      const given = middle.predict(input) as tf.Tensor;
      assertEquals([...given.shape.slice(1)], [...layers.inputShape]);
      const weights = layers.weightsOf(model);
      assertEquals([...weights.keys()], [...layers.weightShapes.keys()]);
      const found = layers.apply(tensorsOf(weights), given);
      assertEquals(found.shape.slice(1), [...layers.outputShape]);
      assert(relativeError(expected, found) < 1e-5, `off by ${relativeError(expected, found)}`);

      const changed: Weights = new Map([...weights].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((x, i) => x * (1 + 0.1 * Math.sin(i))) },
      ]));
      layers.putInto(model, changed);
      const tuned = layers.apply(tensorsOf(changed), given);
      assert(relativeError(expected, tuned) > 1e-3, "nothing was changed");
      const error = relativeError(tuned, model.predict(input) as tf.Tensor);
      assert(error < 1e-5, `the network with them put into it is off by ${error}`);
      model.dispose();
    });
  });
}

test("TrainableLayers have gradients that finite differences have, of weights and input", () => {
  tf.tidy(() => {
    const architecture = tinyArchitecture();
    const cut = { after: "stem_relu", layer: "dense", imageSize: 6 };
    const layers = new TrainableLayers(architecture, cut);
    const names = [...layers.weightShapes.keys()];
    assertEquals(names.filter((name) => name.endsWith("/kernel")), [
      "encoder/wide/kernel",
      "encoder/deep/kernel",
      "encoder/narrow/kernel",
      "encoder/strided/kernel",
      "encoder/dense/kernel",
    ]);
    const weights = names.map((name) =>
      name.endsWith("/bias")
        ? tf.add(normal(name, layers.weightShapes.get(name)!, 0.1), 1) // away from where ReLU bends
        : normal(name, layers.weightShapes.get(name)!, 0.2)
    );
    const input = normal("features", [3, ...layers.inputShape]);
    const count = normal("weights of the sum", [3, ...layers.outputShape]);
    const loss = (given: tf.Tensor, ...weights: tf.Tensor[]) =>
      tf.sum(tf.mul(
        layers.apply(new Map(names.map((name, i) => [name, weights[i]])), given),
        count,
      ));
    const error = finiteDifferenceError(loss, [input, ...weights]);
    assert(error < 5e-3, `off by ${error}`);
  });
});

Deno.test("TrainableLayers refuse layers that cannot be cut off or trained, in one sentence", () => {
  const refused = (kind: string, after: string, layer: string, message: string) => {
    const architecture = architectures[kind];
    const imageSize = architecture.defaultImageSize;
    const make = () => new TrainableLayers(architecture, { after, layer, imageSize });
    assertThrows(make, RangeError, message);
  };
  refused(
    "mobilenet_v2",
    "block_15_ad",
    "out_relu",
    'encoder.fineTune.after is "block_15_ad", which is no layer of mobilenet_v2 before "out_relu": ' +
      'set it to one such as "block_15_add", ',
  );
  refused("mobilenet_v2", "out_relu", "out_relu", 'no layer of mobilenet_v2 before "out_relu"');
  refused(
    "mobilenet_v2",
    "block_15_expand_relu",
    "out_relu",
    'but layers after it need what comes before it: set it to "block_14_add", whose output is all',
  );
  refused(
    "mobilenet_v2",
    "Conv_1",
    "out_relu",
    'Layer "Conv_1_bn" (BatchNormalization) cannot be trained apart from the convolution before it',
  );
  refused("mobilenet_v2", "Conv_1_bn", "out_relu", "nothing is learned");
  refused(
    "xception",
    "add_11",
    "avg_pool",
    "(SeparableConv2D) cannot be trained: set encoder.fineTune.after",
  );
});
