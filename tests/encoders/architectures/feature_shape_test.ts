import {
  architectures,
  buildModel,
  featureShapeOf,
  layersOfShape,
} from "../../../lib/encoders/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "../../assert.ts";

Deno.test("featureShapeOf() is the built network's output shape, and makes no tensor", async () => {
  await tf.setBackend("cpu");
  for (const architecture of Object.values(architectures)) {
    const before = tf.memory().numTensors;
    const shape = featureShapeOf(architecture);
    assertEquals(tf.memory().numTensors, before);
    const model = buildModel(architecture);
    assertEquals(shape, model.outputs[0].shape.slice(1), architecture.kind);
    model.dispose();
  }
  const { vgg16, inception_v3: inception } = architectures;
  assertEquals(featureShapeOf(vgg16, { layer: "block5_pool", imageSize: 96 }), [3, 3, 512]);
  assertEquals(featureShapeOf(inception, { layer: "mixed10" }), [8, 8, 2048]);
  assertThrows(() => featureShapeOf(vgg16, { layer: "fc3" }), RangeError, 'no layer "fc3"');
});

Deno.test("layersOfShape() names the layers of a network that give a shape", () => {
  assertEquals(layersOfShape(architectures.vgg16, [4096]), ["fc1", "fc2"]);
  assertEquals(layersOfShape(architectures.vgg16, [7, 7, 512]), ["block5_pool"]);
  assertEquals(layersOfShape(architectures.vgg16, [2560]), []);
  assert(layersOfShape(architectures.mobilenet_v2, [1280]).length === 1);
});
