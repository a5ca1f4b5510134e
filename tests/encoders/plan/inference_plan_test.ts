import * as tf from "@tensorflow/tfjs";
import { InferencePlan } from "../../../lib/encoders/browser.ts";
import { architectures, buildModel } from "../../../lib/encoders/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { randomModel } from "../random_model.ts";

await tf.setBackend("cpu");

function randomInput(photos: number, size: number): tf.Tensor4D {
  const random = new Random(6);
  const values = Float32Array.from({ length: photos * size * size * 3 }, () => random.normal());
  return tf.tensor4d(values, [photos, size, size, 3]);
}

/** max|a − b| / max|b| of the plan against the layers model itself. */
function deviation(model: tf.LayersModel, plan: InferencePlan, input: tf.Tensor4D): number {
  return tf.tidy(() => {
    const pieces = tf.split(input, input.shape[0]) as tf.Tensor4D[];
    const output = plan.run(pieces.map((piece) => () => piece));
    const expected = model.predict(input) as tf.Tensor;
    assertEquals(output.shape, expected.shape);
    const largest = tf.max(tf.abs(expected)).dataSync()[0];
    assert(largest > 1e-4, "the network is dead");
    return tf.max(tf.abs(tf.sub(output, expected))).dataSync()[0] / largest;
  });
}

const cases: [string, string, number][] = [
  ["mobilenet_v2", "global_average_pooling2d", 32],
  ["mobilenet_v2", "Conv1", 33],
  ["mobilenet_v2", "bn_Conv1", 32],
  ["mobilenet_v2", "block_1_pad", 32],
  ["mobilenet_v2", "block_3_depthwise_relu", 35], // odd sizes inside
  ["mobilenet_v2", "block_5_add", 32],
  ["mobilenet_v2", "predictions", 32],
  ["vgg16", "block2_pool", 32],
  ["vgg16", "block3_conv1", 32],
  ["xception", "block3_pool", 71], // a separable convolution with and without a ReLU before it
  ["xception", "add", 72],
  ["xception", "block2_sepconv1", 71],
  ["inception_v3", "mixed0", 75], // averages without the padding; norms without a scale
  ["inception_v3", "mixed3", 80],
  ["resnet50", "conv3_block1_out", 37], // norms after a bias
  ["resnet50", "pool1_pad", 32],
  ["shapes_cnn", "features", 96],
  ["shapes_cnn", "what", 40],
];

for (const [kind, layer, size] of cases) {
  Deno.test(`InferencePlan of ${kind} up to ${layer} at ${size} pixels equals the layers model`, () => {
    const before = tf.memory().numTensors;
    const model = randomModel(kind, layer, size);
    const plan = new InferencePlan(model);
    const input = randomInput(2, size);
    const difference = deviation(model, plan, input);
    assert(difference < 5e-6, `deviates by ${difference}`);
    model.dispose();
    input.dispose();
    plan.dispose();
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("InferencePlan folds batch norms and ReLUs: MobileNetV2 is 52 convolutions, 10 sums, a mean", () => {
  const model = buildModel(architectures.mobilenet_v2, undefined, 32);
  const plan = new InferencePlan(model);
  assertEquals(plan.length, 52 + 10 + 1);
  plan.dispose();
  model.dispose();
});

Deno.test("InferencePlan folds batch norms and ReLUs of separable, scaleless, biased convolutions", () => {
  const steps = (kind: string, layer: string) => {
    const model = buildModel(architectures[kind], layer);
    const plan = new InferencePlan(model);
    model.dispose();
    plan.dispose();
    return plan.length;
  };
  // Convolutions; ReLUs that come after a sum or an average; poolings; sums or concatenations.
  assertEquals(steps("xception", "add_2"), (2 + 3 + 6) + 2 + 3 + 3);
  assertEquals(steps("inception_v3", "mixed0"), (5 + 7 - 2) + 1 + (2 + 1) + 1 + 3); // three become one, cut again
  assertEquals(steps("resnet50", "conv2_block2_out"), (1 + 4 + 3) + 2 + 2 + 2); // and a padding
});

Deno.test("InferencePlan outlives its model and computes photos one by one as in one batch", () => {
  const model = randomModel("shapes_cnn", "features", 96);
  const plan = new InferencePlan(model);
  model.dispose();
  const input = randomInput(3, 96);
  const pieces = tf.split(input, 3) as tf.Tensor4D[];
  const apart = plan.run(pieces.map((piece) => () => piece.clone()));
  const together = plan.run([() => input.clone()]);
  assertEquals([...apart.dataSync()], [...together.dataSync()]);
  tf.dispose([pieces, apart, together, input]);
  plan.dispose();
});

Deno.test("InferencePlan joins photos where grids are small: the same features", () => {
  const model = randomModel("inception_v3", "mixed0", 96); // 22 × 22 from the first pooling on
  const plan = new InferencePlan(model);
  model.dispose();
  const before = tf.memory().numTensors;
  const photos = tf.tidy(() => tf.split(randomInput(3, 96), 3)) as tf.Tensor4D[];
  const features = (together: number) => {
    const output = plan.run(photos.map((photo) => () => photo.clone()), together);
    assertEquals(output.shape[0], 3);
    const values = [...output.dataSync()];
    output.dispose();
    return values;
  };
  assertEquals(features(2), features(1));
  tf.dispose(photos);
  assertEquals(tf.memory().numTensors, before);
  plan.dispose();
});

Deno.test("InferencePlan refuses an activation that it cannot run", () => {
  const input = tf.input({ shape: [8, 8, 3] });
  const output = tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: "tanh" }).apply(input);
  const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  assertThrows(() => new InferencePlan(model), TypeError, "tanh");
  model.dispose();
});
