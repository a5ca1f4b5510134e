import * as tf from "@tensorflow/tfjs";
import { createDecoder, modelSettings, parameterCount } from "../../lib/models/mod.ts";
import { assertAlmostEquals, assertEquals } from "../assert.ts";

const small = { kind: "merge", embedding: 5, units: 7, dense: 4 };
const inputs = { vocabularySize: 23, featureShape: [6] };

Deno.test("MergeDecoder: penalty() is the squares of the two dense layers before the last times l2", () => {
  const decoder = createDecoder(modelSettings.parse({ ...small, l2: 0.25 }), inputs);
  const initial = decoder.initialWeights(3);
  const squares = (name: string) => initial.get(name)!.data.reduce((sum, x) => sum + x * x, 0);
  tf.tidy(() => {
    const weights = new Map(
      [...initial].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
    );
    assertAlmostEquals(
      decoder.penalty(weights)!.dataSync()[0],
      0.25 * (squares("image/kernel") + squares("dense/kernel")),
      1e-4,
    );
    const none = createDecoder(modelSettings.parse({ ...small, l2: 0 }), inputs);
    assertEquals(none.penalty(weights), undefined);
  });
});

Deno.test("MergeDecoder that concatenates: the dense layer reads the photo's vector and the words'", () => {
  const decoder = createDecoder(
    modelSettings.parse({ ...small, merge: "concatenate", imageUnits: 3 }),
    inputs,
  );
  assertEquals(decoder.weightShapes.get("image/kernel"), [6, 3]);
  assertEquals(decoder.weightShapes.get("dense/kernel"), [3 + 7, 4]);
  const added = createDecoder(modelSettings.parse(small), inputs);
  assertEquals(parameterCount(decoder) - parameterCount(added), 7 * (3 - 7) + 3 * 4);
});
