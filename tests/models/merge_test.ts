import * as tf from "@tensorflow/tfjs";
import {
  createDecoder,
  type Decoder,
  type FusedOps,
  modelSettings,
  parameterCount,
} from "../../lib/models/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { captionBatch, disposeBatch } from "../../lib/training/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { finiteDifferenceError, relativeError } from "../tensorflow/gradients.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../tensorflow/tensorflow_backend.ts";
import { madeCaptions } from "./made_captions.ts";

const VOCABULARY = 23;
const WIDTH = 6;
const small = { kind: "merge", embedding: 5, units: 7, dense: 4 };
const inputs = { vocabularySize: VOCABULARY, featureShape: [WIDTH] };

function create(changes: Record<string, unknown> = {}, fused?: FusedOps): Decoder {
  return createDecoder(modelSettings.parse({ ...small, ...changes }), inputs, fused);
}

/** Initial weights with the zeros of the biases made to count. */
function tensors(decoder: Decoder): Map<string, tf.Tensor> {
  const random = new Random(9, "weights");
  return new Map(
    [...decoder.initialWeights(3)].map(([name, { shape, data }]) => [
      name,
      tf.tensor(data.map((x) => x + 0.3 * random.normal()), shape),
    ]),
  );
}

function batchOf(count: number) {
  const set = madeCaptions(count);
  return { set, ...captionBatch(set, set.captions.map((_, i) => i)) };
}

Deno.test("MergeDecoder has Keras' 6,169,213 parameters for 8,829 words, 4,096 features, 256 wide", () => {
  const decoder = createDecoder(modelSettings.parse({ kind: "merge" }), {
    vocabularySize: 8829,
    featureShape: [4096],
  });
  assertEquals(parameterCount(decoder), 6_169_213);
});

Deno.test("MergeDecoder refuses a grid of features and says what to change", () => {
  assertThrows(
    () => createDecoder(modelSettings.parse(small), { ...inputs, featureShape: [7, 7, 512] }),
    RangeError,
    "the encoder gives [7,7,512]: choose another encoder.layer",
  );
});

Deno.test("MergeDecoder.initialWeights() have the shapes promised and depend on the seed alone", () => {
  const decoder = create();
  const weights = decoder.initialWeights(1);
  assertEquals([...weights.keys()], [...decoder.weightShapes.keys()]);
  for (const [name, { shape, data }] of weights) {
    assertEquals(shape, decoder.weightShapes.get(name)!);
    assertEquals(data.length, shape.reduce((product, length) => product * length, 1));
  }
  assertEquals([...decoder.initialWeights(1)], [...weights]);
  const other = decoder.initialWeights(2).get("output/kernel")!.data;
  assert(weights.get("output/kernel")!.data.every((x, i) => x !== other[i]));
});

/** A test of the decoder with fused operations and without. */
function test(name: string, criterion: (fused: FusedOps | undefined) => void): void {
  for (const way of ["plain", "fused"]) {
    Deno.test({
      name: `MergeDecoder, ${way}: ${name}`,
      ignore,
      async fn() {
        const { backend, fused } = await startTensorFlow();
        await withoutLeak(
          backend,
          () => tf.tidy(() => criterion(way === "fused" ? fused : undefined)),
        );
      },
    });
  }
}

test("loss() equals the mean over its steps", (fused) => {
  const decoder = create({}, fused);
  const weights = tensors(decoder);
  const { set, batch, words } = batchOf(8);
  let sum = 0;
  for (const [i, caption] of set.captions.entries()) {
    let state = decoder.start(weights, tf.tensor2d(set.features.gather([`photo${i}`]), [1, WIDTH]));
    for (let t = 0; t + 1 < caption.length; t++) {
      const next = decoder.step(weights, state, tf.tensor1d([caption[t]], "int32"));
      assertEquals(next.logits.shape, [1, VOCABULARY]);
      state = next.state;
      sum -= tf.logSoftmax(next.logits).dataSync()[caption[t + 1]];
    }
  }
  assertAlmostEquals(decoder.loss(weights, batch).dataSync()[0], sum / words, 1e-5);
  disposeBatch(batch);
});

test("loss() at the start of training is about log of the vocabulary", (fused) => {
  const decoder = create({}, fused);
  const weights = new Map(
    [...decoder.initialWeights(1)].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
  const { batch } = batchOf(20);
  const loss = decoder.loss(weights, batch).dataSync()[0];
  assert(Math.abs(loss - Math.log(VOCABULARY)) < 0.1, `${loss}`);
});

test("its gradients are those of finite differences", (fused) => {
  const decoder = create({}, fused);
  const weights = tensors(decoder);
  const names = [...weights.keys()];
  const { batch } = batchOf(5);
  for (const name of names) {
    // Small steps: ReLU has corners.
    const error = finiteDifferenceError(
      (moved) => decoder.loss(new Map([...weights, [name, moved]]), batch),
      [weights.get(name)!],
      { step: 4e-3 },
    );
    assert(error < 2e-2, `${name}: off by ${error}`);
  }
});

test("dropout depends on the random numbers given alone, and is none without them", (fused) => {
  const decoder = create({ imageDropout: 0.5, wordDropout: 0.5, outputDropout: 0.3 }, fused);
  const none = create({ imageDropout: 0, wordDropout: 0, outputDropout: 0 }, fused);
  const weights = tensors(decoder);
  const { batch } = batchOf(6);
  const loss = (random?: Random) => decoder.loss(weights, batch, random).dataSync()[0];
  assertEquals(loss(new Random(1, "a")), loss(new Random(1, "a")));
  assert(loss(new Random(1, "a")) !== loss(new Random(1, "b")));
  assertEquals(loss(), none.loss(weights, batch, new Random(1)).dataSync()[0]);
});

test("padding does not count: a caption beside a longer one loses what it loses alone", (fused) => {
  const decoder = create({}, fused);
  const weights = tensors(decoder);
  const set = madeCaptions(6);
  const total = (indices: number[]) => {
    const { batch, words } = captionBatch(set, indices);
    return words * decoder.loss(weights, batch).dataSync()[0];
  };
  const alone = set.captions.reduce((sum, _, i) => sum + total([i]), 0);
  assertAlmostEquals(total(set.captions.map((_, i) => i)), alone, 1e-3);
});

test("penalty() is the squares of the two dense layers before the last times l2", (fused) => {
  const decoder = create({ l2: 0.25 }, fused);
  const weights = tensors(decoder);
  const squares = (name: string) =>
    weights.get(name)!.dataSync<"float32">().reduce((sum, x) => sum + x * x, 0);
  assertAlmostEquals(
    decoder.penalty(weights)!.dataSync()[0],
    0.25 * (squares("image/kernel") + squares("dense/kernel")),
    1e-4,
  );
  assertEquals(create({ l2: 0 }, fused).penalty(weights), undefined);
});

test("imageScale l2 and meanSquare see the photo's direction alone, none its length", (fused) => {
  const { batch } = batchOf(3);
  const longer = { ...batch, features: tf.mul(batch.features, 7) };
  for (const imageScale of ["none", "l2", "meanSquare"]) {
    const decoder = create({ imageScale }, fused);
    const weights = tensors(decoder);
    const [one, other] = [batch, longer].map((each) => decoder.loss(weights, each).dataSync()[0]);
    if (imageScale === "none") assert(Math.abs(one - other) > 1e-2);
    else assertAlmostEquals(one, other, 1e-5);
  }
});

test("a missing weight is named", (fused) => {
  const decoder = create({}, fused);
  const weights = tensors(decoder);
  weights.delete("lstm/bias");
  assertThrows(() => decoder.loss(weights, batchOf(2).batch), RangeError, '"lstm/bias"');
});

Deno.test({
  name: "MergeDecoder's gradients with fused operations equal those without within 1e-5",
  ignore,
  async fn() {
    const { fused } = await startTensorFlow();
    tf.tidy(() => {
      const { batch } = batchOf(8);
      const [plain, fast] = [undefined, fused].map((ops) => {
        const decoder = create({}, ops);
        const weights = tensors(decoder);
        const names = [...weights.keys()];
        return tf.grads((...given: tf.Tensor[]) =>
          decoder.loss(new Map(given.map((tensor, i) => [names[i], tensor])), batch)
        )([...weights.values()]);
      });
      for (const [i, name] of [...create().weightShapes.keys()].entries()) {
        const error = relativeError(plain[i], fast[i]);
        assert(error < 1e-5, `${name}: off by ${error}`);
      }
    });
  },
});
