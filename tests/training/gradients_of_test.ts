import * as tf from "@tensorflow/tfjs";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import {
  captionBatch,
  crossEntropy,
  trainDecoder,
  trainingSettings,
  validationLoss,
} from "../../lib/training/mod.ts";
import { batchParts } from "../../lib/training/batch_parts.ts";
import { Random } from "../../lib/random/mod.ts";
import { applyGradients } from "../../lib/training/apply_gradients.ts";
import { gradientsOf } from "../../lib/training/gradients_of.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";
import { relativeError } from "../engine/tensorflow/gradients.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";

type Engine = Awaited<ReturnType<typeof startTensorFlow>>;

const set = madeCaptions(20);
const all = set.captions.map((_, i) => i);

function test(name: string, criterion: (engine: Engine) => void | Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const engine = await startTensorFlow();
      await withoutLeak(engine.backend, () => criterion(engine));
    },
  });
}

function decoderOf({ fused }: Engine, model: Record<string, unknown> = {}) {
  const dropout = { imageDropout: 0, wordDropout: 0 };
  return createDecoder(
    modelSettings.parse({ kind: "merge", embedding: 5, units: 7, dense: 4, ...dropout, ...model }),
    { vocabularySize: 23, featureShape: [6] },
    fused,
  );
}

/** The gradients of captions in parts, and what a step hands to the optimizer. */
function step(
  decoder: ReturnType<typeof decoderOf>,
  parts: readonly (readonly number[])[],
  clipNorm: number | null = null,
) {
  const weights = tensorsOf(decoder);
  const wordsOf = (indices: readonly number[]) =>
    indices.reduce((sum, index) => sum + set.captions[index].length - 1, 0);
  const found = gradientsOf(decoder, weights, {
    words: wordsOf(parts.flat()),
    parts: parts.map((indices, i) => ({
      words: wordsOf(indices),
      path: parts.length > 1 ? [i] : [],
      read: () => captionBatch(set, indices).batch,
    })),
  }, { objective: crossEntropy, random: (path) => new Random(1, "dropout", 0, 0, ...path) });
  tf.dispose([...weights.values()]);
  const taken: [string, tf.Tensor][] = [];
  const apply = (gradients: Map<string, tf.Tensor>) => {
    for (const [name, gradient] of gradients) taken.push([name, tf.keep(gradient.clone())]);
  };
  applyGradients({ apply }, found, { clipNorm, learningRate: 1 });
  const { words, loss } = found;
  const dispose = () => tf.dispose(taken.map(([, tensor]) => tensor));
  return { words, loss, gradients: new Map(taken), dispose };
}

function tensorsOf(decoder: ReturnType<typeof decoderOf>) {
  return new Map([...decoder.initialWeights(1)].map((
    [name, { data, shape }],
  ) => [name, tf.tensor(data, shape)]));
}

const cuts = {
  "two parts": [all.slice(0, 3), all.slice(3)],
  "a caption a part": all.map((i) => [i]),
};

for (const [name, parts] of Object.entries(cuts)) {
  for (const clipNorm of [null, 0.01]) {
    test(`gradientsOf() in ${name} gives loss and gradients of the whole batch, ${clipNorm ? "clipped" : "not clipped"}`, (engine) => {
      const decoder = decoderOf(engine, { l2: 0.5 });
      const [whole, cut] = [step(decoder, [all], clipNorm), step(decoder, parts, clipNorm)];
      assertEquals(cut.words, whole.words);
      assertAlmostEquals(cut.loss, whole.loss, 1e-5);
      assertEquals([...cut.gradients.keys()], [...decoder.weightShapes.keys()]);
      for (const [name, gradient] of whole.gradients) {
        const error = relativeError(gradient, cut.gradients.get(name)!);
        assert(error < 1e-5, `${name}: off by ${error}`);
      }
      whole.dispose();
      cut.dispose();
    });
  }
}

test("gradientsOf() leaves out what the decoder freezes, and what is left is as with it", (engine) => {
  const [all, rest] = [true, false].map((trainEmbedding) =>
    step(decoderOf(engine, { trainEmbedding, l2: 0.5 }), cuts["two parts"])
  );
  assertEquals([...all.gradients.keys()].filter((name) => !rest.gradients.has(name)), [
    "embedding/embeddings",
  ]);
  for (const [name, gradient] of rest.gradients) {
    assert(relativeError(gradient, all.gradients.get(name)!) < 1e-6, name);
  }
  all.dispose();
  rest.dispose();
});

test("gradientsOf() draws other masks for each part", (engine) => {
  const decoder = decoderOf(engine, { imageDropout: 0.5, wordDropout: 0.5 });
  // The same caption in both parts: with the same mask their mean would be either's gradient.
  const [once, twice] = [step(decoder, [[0]]), step(decoder, [[0], [0]])];
  const error = relativeError(
    once.gradients.get("image/kernel")!,
    twice.gradients.get("image/kernel")!,
  );
  assert(error > 0.1, `${error}`);
  once.dispose();
  twice.dispose();
});

test("trainDecoder() whose steps are cut ends with the weights of one whose steps are not, up to rounding", async (engine) => {
  const decoder = decoderOf(engine);
  const maxActivations = 4 * decoder.activations(8);
  const lengthOf = (i: number) => set.captions[i].length;
  assert(batchParts(all, lengthOf, decoder, maxActivations).length > 3);
  const run = async (maxActivations: number) => {
    const settings = trainingSettings.parse({ epochs: 3, batchSize: 20, maxActivations });
    const { weights } = await trainDecoder({ decoder, settings, train: set, ...engine });
    return weights;
  };
  const [whole, cut] = [await run(1e12), await run(maxActivations)];
  for (const [name, { data }] of whole) {
    const size = Math.max(...data.map(Math.abs));
    const error = Math.max(...data.map((x, i) => Math.abs(x - cut.get(name)!.data[i])));
    assert(error < 1e-4 * size, `${name}: ${error} of ${size}`);
  }
});

test("trainDecoder() whose steps are cut gives the same weights for the same seed, bit for bit", async (engine) => {
  const decoder = decoderOf(engine, { imageDropout: 0.5, wordDropout: 0.5 });
  const run = async (seed: number) => {
    const maxActivations = 4 * decoder.activations(8);
    const settings = trainingSettings.parse({ epochs: 2, batchSize: 20, maxActivations, seed });
    const { weights } = await trainDecoder({ decoder, settings, train: set, ...engine });
    return [...weights].map(([name, { data }]) => [name, ...data]);
  };
  const first = await run(1);
  assertEquals(await run(1), first);
  assert(JSON.stringify(await run(2)) !== JSON.stringify(first));
});

test("validationLoss() of batches that are cut is that of batches that are not", async (engine) => {
  const decoder = decoderOf(engine);
  const loss = (maxActivations: number) =>
    validationLoss(
      decoder,
      {
        read: () => tensorsOf(decoder),
      },
      set,
      { batchSize: 20, maxActivations },
    );
  assertAlmostEquals(await loss(1), await loss(Infinity), 1e-6);
});
