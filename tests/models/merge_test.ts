import * as tf from "@tensorflow/tfjs";
import { createDecoder, modelSettings, parameterCount } from "../../lib/models/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { startEngine } from "../../lib/tensorflow/mod.ts";
import { captionBatch, type CaptionSet, disposeBatch } from "../../lib/training/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "net", "run");
const VOCABULARY = 23;
const WIDTH = 6;

/** Captions of unlike lengths: 1 is the start, 2 the end. */
function someCaptions(count: number): CaptionSet {
  const random = new Random(5, "captions");
  const captions = Array.from({ length: count }, () => {
    const length = random.integer(1, 9);
    const words = Array.from({ length }, () => random.integer(3, VOCABULARY));
    return Int32Array.from([1, ...words, 2]);
  });
  const features = new Map(
    captions.map((_, i) => [`photo${i}`, Array.from({ length: WIDTH }, () => random.normal())]),
  );
  return {
    captions,
    photos: captions.map((_, i) => `photo${i}`),
    features: {
      featureShape: [WIDTH],
      gather: (digests) => Float32Array.from(digests.flatMap((digest) => features.get(digest)!)),
    },
  };
}

const settings = modelSettings.parse({ kind: "merge", embedding: 5, units: 7, dense: 4 });
const inputs = { vocabularySize: VOCABULARY, featureShape: [WIDTH] };

/** Initial weights with the zeros of the biases made to count. */
function tensors(decoder: ReturnType<typeof createDecoder>): Map<string, tf.Tensor> {
  const random = new Random(9, "weights");
  return new Map(
    [...decoder.initialWeights(3)].map(([name, { shape, data }]) => [
      name,
      tf.tensor(data.map((x) => x + 0.3 * random.normal()), shape),
    ]),
  );
}

Deno.test({
  name: "MergeDecoder.loss() equals the mean over its steps, plain and fused",
  ignore,
  async fn() {
    const { fused } = await startEngine();
    const plain = createDecoder(settings, inputs);
    const fast = createDecoder(settings, inputs, fused);
    const set = someCaptions(8);
    const weights = tensors(plain);
    const { batch, words } = captionBatch(set, set.captions.map((_, i) => i));
    let sum = 0;
    for (const [i, caption] of set.captions.entries()) {
      let state = plain.start(weights, tf.tensor2d(set.features.gather([`photo${i}`]), [1, WIDTH]));
      for (let t = 0; t + 1 < caption.length; t++) {
        const next = plain.step(weights, state, tf.tensor1d([caption[t]], "int32"));
        state = next.state;
        sum -= tf.logSoftmax(next.logits).dataSync()[caption[t + 1]];
      }
    }
    assertAlmostEquals(plain.loss(weights, batch).dataSync()[0], sum / words, 1e-5);
    assertAlmostEquals(fast.loss(weights, batch).dataSync()[0], sum / words, 1e-5);
    disposeBatch(batch);
  },
});

Deno.test({
  name: "MergeDecoder's gradients with fused operations equal those without",
  ignore,
  async fn() {
    const { fused } = await startEngine();
    const set = someCaptions(8);
    const { batch } = captionBatch(set, set.captions.map((_, i) => i));
    const [plain, fast] = [undefined, fused].map((ops) => {
      const decoder = createDecoder(settings, inputs, ops);
      const weights = tensors(decoder);
      const names = [...weights.keys()];
      const gradients = tf.grads((...given: tf.Tensor[]) =>
        decoder.loss(new Map(given.map((tensor, i) => [names[i], tensor])), batch)
      )([...weights.values()]);
      return new Map(names.map((name, i) => [name, gradients[i].dataSync()]));
    });
    for (const [name, expected] of plain) {
      const actual = fast.get(name)!;
      const size = Math.max(...expected.map(Math.abs));
      const error = Math.max(...expected.map((x, i) => Math.abs(x - actual[i])));
      assert(size > 0 && error / size < 1e-4, `${name}: ${error} of ${size}`);
    }
  },
});
