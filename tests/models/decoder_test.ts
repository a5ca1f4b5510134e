/** What every decoder must do: the cases below, each with fused operations and without. */
import * as tf from "@tensorflow/tfjs";
import {
  createDecoder,
  type Decoder,
  DecoderRows,
  type ModelSettings,
  modelSettings,
} from "../../lib/models/mod.ts";
import { decoders } from "../../lib/models/registry.ts";
import { type FusedOps, plainAdam } from "../../lib/nn/mod.ts";
import { beamSearch } from "../../lib/decoding/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { captionBatch, crossEntropy, disposeBatch } from "../../lib/training/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { sampleSome } from "../sample.ts";
import { finiteDifferenceError, relativeError } from "../engine/tensorflow/gradients.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";
import { madeCaptions } from "./made_captions.ts";

const VOCABULARY = 23;
const WIDTH = 6;
const GRID = [2, 3];

/** Decoders that take a grid of features. */
const GRIDS = ["attention"];

/** Sizes of the decoders tested; each takes those that its settings know. */
const sizes = {
  embedding: 5,
  units: 6,
  dense: 4,
  imageSteps: 4,
  width: 8,
  regionUnits: 4,
  heads: 2,
  feedForward: 7,
  layers: 1,
};

/** Settings of every decoder in the registry: its defaults, small. */
const kinds = (Object.keys(decoders) as ModelSettings["kind"][]).map((kind) => ({
  ...ofKind(kind, sizes),
  kind,
}));

/** Those of some settings that a decoder has. */
function ofKind(kind: ModelSettings["kind"], some: Record<string, number>) {
  const defaults = modelSettings.parse({ kind });
  return Object.fromEntries(Object.entries(some).filter(([name]) => name in defaults));
}
const { merge, bilstm_dot, par_inject, init_inject, attention } = Object.fromEntries(
  kinds.map((small) => [small.kind, small]),
);

type Cases = Record<string, Record<string, unknown>>;

/** All decoders, and what changes the way of some: they meet every criterion. */
const cases: Cases = {
  ...Object.fromEntries(kinds.map((small) => [small.kind, small])),
  "merge that reads padding in front": { ...merge, padding: { positions: 7, side: "front" } },
  "merge that reads padding behind": { ...merge, padding: { positions: 7, side: "back" } },
  "bilstm_dot with a softmax over 9 positions": {
    ...bilstm_dot,
    softmaxOver: 9,
    pooling: "mean",
  },
  "bilstm_dot with a plain sum": { ...bilstm_dot, attention: "sum" },
  "attention with a sentinel": { ...attention, adaptive: true },
};

/** Those that scale a photo's vector. */
const scaled = Object.fromEntries(
  Object.entries(cases).filter(([, settings]) => gridOf(settings).length === 0),
);

const [front, back] = ["front", "back"].map((side) => ({ positions: 7, side }));

/** Other settings of the same layers, for the criteria that see how they are put together. */
const variants: Cases = {
  "merge of a GRU, concatenated": { ...merge, cell: "gru", merge: "concatenate", imageUnits: 3 },
  "merge of two LSTMs with hard gates": {
    ...merge,
    layers: 2,
    layerDropout: 0.1,
    recurrentActivation: "hard_sigmoid",
    imageActivation: "tanh",
  },
  "merge of a GRU that resets first and reads padding": {
    ...merge,
    cell: "gru",
    resetAfter: false,
    padding: front,
  },
  "par_inject of three GRUs before a dense layer": {
    ...par_inject,
    cell: "gru",
    layers: 3,
    layerDropout: 0.1,
    recurrentActivation: "hard_sigmoid",
    imageUnits: 3,
    dense: 4,
  },
  "par_inject that reads padding": { ...par_inject, padding: back },
  "init_inject of two GRUs before a dense layer": {
    ...init_inject,
    cell: "gru",
    layers: 2,
    initialOutput: "projection",
    dense: 4,
  },
  "init_inject into the first of two LSTMs, reading padding": {
    ...init_inject,
    layers: 2,
    injectInto: "first",
    padding: front,
  },
  "init_inject with a tied output": { ...init_inject, dense: null, tiedOutput: true },
  "attention of one head with an output of its own": { ...attention, heads: 1, tiedOutput: false },
};

type Create = ((changes?: Record<string, unknown>) => Decoder) & {
  /** Rows and columns of the features that it takes; none for a vector. */
  grid: number[];
};

/** Initial weights with the zeros of the biases made to count. */
function tensors(decoder: Decoder, spread = 0.3): Map<string, tf.Tensor> {
  const random = new Random(9, "weights");
  return new Map(
    [...decoder.initialWeights(3)].map(([name, { shape, data }]) => [
      name,
      tf.tensor(data.map((x) => x + spread * random.normal()), shape),
    ]),
  );
}

function batchOf(count: number, grid: number[] = []) {
  const set = madeCaptions(count, { grid });
  return { set, ...captionBatch(set, set.captions.map((_, i) => i)) };
}

/** A test of every decoder with fused operations and without, and of more with them; or of a share. */
function test(
  criterion: string,
  check: (create: Create, dropouts: (rate: number) => Record<string, number>) => void,
  more: Cases = {},
  share = 1,
  among: Cases = cases,
): void {
  const all = { ...among, ...more };
  for (const name of sampleSome(Object.keys(all), share, criterion)) {
    const settings = all[name];
    for (const way of name in more ? ["fused"] : ["plain", "fused"]) {
      Deno.test({
        name: `${name}, ${way}: ${criterion}`,
        ignore,
        async fn() {
          const { backend, fused } = await startTensorFlow();
          const ops = way === "fused" ? fused : undefined;
          const create: Create = Object.assign(
            (changes = {}) => createFrom({ ...settings, ...changes }, ops),
            { grid: gridOf(settings) },
          );
          const known = modelSettings.parse(settings);
          const rates = Object.keys(known).filter((name) =>
            name.endsWith("Dropout") &&
            (name !== "layerDropout" || known.kind === "transformer" ||
              "layers" in known && known.layers > 1)
          );
          const dropouts = (rate: number) => Object.fromEntries(rates.map((name) => [name, rate]));
          await withoutLeak(backend, () => tf.tidy(() => check(create, dropouts)));
        },
      });
    }
  }
}

function createFrom(settings: Record<string, unknown>, fused?: FusedOps): Decoder {
  const inputs = { vocabularySize: VOCABULARY, featureShape: [...gridOf(settings), WIDTH] };
  return createDecoder(modelSettings.parse(settings), inputs, fused);
}

function gridOf({ kind }: Record<string, unknown>): number[] {
  return GRIDS.includes(kind as string) ? GRID : [];
}

test("forward() and head() tell of each word what step() tells, position by position", (create) => {
  const decoder = create();
  const weights = tensors(decoder);
  const { set, batch, words } = batchOf(8, create.grid);
  let sum = 0;
  for (const [i, caption] of set.captions.entries()) {
    const feature = tf.tensor(set.features.gather([`photo${i}`]), [1, ...create.grid, WIDTH]);
    const rows = new DecoderRows(decoder, weights, feature);
    for (let t = 0; t + 1 < caption.length; t++) {
      const next = rows.read([caption[t]], (step) => step);
      assertEquals(next.logits.shape, [1, VOCABULARY]);
      sum -= tf.logSoftmax(next.logits).dataSync()[caption[t + 1]];
    }
  }
  assertAlmostEquals(crossEntropy(decoder, weights, batch).dataSync()[0], sum / words, 1e-5);
  disposeBatch(batch);
}, variants);

test("the loss at the start of training is about log of the vocabulary", (create) => {
  const decoder = create();
  const weights = new Map(
    [...decoder.initialWeights(1)].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
  const { batch } = batchOf(20, create.grid);
  const loss = crossEntropy(decoder, weights, batch).dataSync()[0];
  assert(Math.abs(loss - Math.log(VOCABULARY)) < 0.1, `${loss}`);
});

test(
  "its gradients are those of finite differences",
  (create) => {
    const decoder = create();
    const weights = tensors(decoder, 1); // wide, so that no weight's part in the loss drowns in rounding
    const names = [...weights.keys()];
    const { batch } = batchOf(5, create.grid);
    for (const name of names) {
      const loss = (moved: tf.Tensor) =>
        crossEntropy(decoder, new Map([...weights, [name, moved]]), batch);
      const gradient = tf.grad(loss)(weights.get(name)!);
      // Of one place nothing can be chosen: transformer_test.ts has the gradients over a grid.
      if (/\/image(_norm|\/query|\/key)\//.test(name)) continue;
      if (tf.max(tf.abs(gradient)).dataSync()[0] === 0) {
        // The photo's LSTMs have no part in a plain sum of the words' states.
        assert(decoder.kind === "bilstm_dot" && name.startsWith("image_"), name);
        continue;
      }
      // Small steps, as ReLU has corners; larger where the loss hardly moves.
      const step = /^image_/.test(name) ? 2e-2 : /^dense|dense_1/.test(name) ? 1e-3 : 4e-3;
      const error = finiteDifferenceError(loss, [weights.get(name)!], { step, coordinates: 3 });
      assert(error < 2e-2, `${name}: off by ${error}`);
    }
  },
  variants,
  1 / 3,
);

test(
  "dropout depends on the random numbers given alone, and is none without them",
  (create, dropouts) => {
    const decoder = create(dropouts(0.5));
    const none = create(dropouts(0));
    const weights = tensors(decoder);
    const { batch } = batchOf(6, create.grid);
    const loss = (random?: Random) => crossEntropy(decoder, weights, batch, random).dataSync()[0];
    assertEquals(loss(new Random(1, "a")), loss(new Random(1, "a")));
    assert(loss(new Random(1, "a")) !== loss(new Random(1, "b")));
    assertEquals(loss(), crossEntropy(none, weights, batch, new Random(1)).dataSync()[0]);
  },
  variants,
);

test("padding does not count: a caption beside a longer one loses what it loses alone", (create) => {
  const decoder = create();
  const weights = tensors(decoder);
  const set = madeCaptions(6, { grid: create.grid });
  const total = (indices: number[]) => {
    const { batch, words } = captionBatch(set, indices);
    return words * crossEntropy(decoder, weights, batch).dataSync()[0];
  };
  const alone = set.captions.reduce((sum, _, i) => sum + total([i]), 0);
  assertAlmostEquals(total(set.captions.map((_, i) => i)), alone, 1e-3);
});

test(
  "imageScale l2 and meanSquare see the photo's direction alone, none its length",
  (create) => {
    const { batch } = batchOf(3);
    const longer = { ...batch, features: tf.mul(batch.features, 7) };
    for (const imageScale of ["none", "l2", "meanSquare"]) {
      const decoder = create({ imageScale });
      const weights = tensors(decoder, 1);
      const [one, other] = [batch, longer].map((each) =>
        crossEntropy(decoder, weights, each).dataSync()[0]
      );
      if (imageScale === "none") assert(Math.abs(one - other) > 1e-2);
      else assertAlmostEquals(one, other, 1e-5);
    }
  },
  {},
  1,
  scaled,
);

test("a missing weight is named", (create) => {
  const decoder = create();
  const weights = tensors(decoder);
  weights.delete("output/bias");
  assertThrows(
    () => crossEntropy(decoder, weights, batchOf(2, create.grid).batch),
    RangeError,
    '"output/bias"',
  );
});

// Slow, and the same for all settings of a kind: of these the criteria above see the difference.
for (const settings of kinds) {
  Deno.test({
    name: `${settings.kind} learns a few captions by heart, and greedy search says them`,
    ignore,
    async fn() {
      const { fused } = await startTensorFlow();
      const decoder = createFrom(
        {
          ...settings,
          ...ofKind(settings.kind, { embedding: 12, units: 24, width: 24 }),
        },
        fused,
      );
      const { set, batch } = batchOf(3, gridOf(settings));
      const optimizer = plainAdam(decoder.initialWeights(1));
      const features = tf.tensor(set.features.gather(set.photos), [3, ...gridOf(settings), WIDTH]);
      const markers = { start: 1, end: 2, forbidden: [0, 1] };
      for (let step = 0; step < 150; step++) {
        tf.tidy(() => {
          const weights = optimizer.read();
          const names = [...weights.keys()];
          const gradients = tf.grads((...given: tf.Tensor[]) =>
            crossEntropy(decoder, new Map(given.map((tensor, i) => [names[i], tensor])), batch)
          )([...weights.values()]);
          tf.dispose([...weights.values()]);
          optimizer.apply(new Map(names.map((name, i) => [name, gradients[i]])), 0.02);
        });
      }
      const weights = optimizer.read();
      const said = beamSearch(decoder, weights, features, markers, {
        beam: 1,
        maxLength: 10,
        lengthNormalisation: 0,
      });
      assertEquals(
        said.map(([{ words }]) => words),
        set.captions.map((caption) => [...caption.slice(1, -1)]),
      );
      optimizer.dispose();
      tf.dispose([features, ...weights.values()]);
      disposeBatch(batch);
    },
  });
}

for (const [name, settings] of Object.entries(cases)) {
  Deno.test({
    name: `${name}: gradients with fused operations equal those without within 1e-5`,
    ignore,
    async fn() {
      const { fused } = await startTensorFlow();
      tf.tidy(() => {
        const { batch } = batchOf(8, gridOf(settings));
        const [plain, fast] = [undefined, fused].map((ops) => {
          const decoder = createFrom(settings, ops);
          const weights = tensors(decoder);
          const names = [...weights.keys()];
          return tf.grads((...given: tf.Tensor[]) =>
            crossEntropy(decoder, new Map(given.map((tensor, i) => [names[i], tensor])), batch)
          )([...weights.values()]);
        });
        for (const [i, name] of [...createFrom(settings).weightShapes.keys()].entries()) {
          const error = relativeError(plain[i], fast[i]);
          assert(error < 1e-5, `${name}: off by ${error}`);
        }
      });
    },
  });

  Deno.test(`${name}: initialWeights() have the shapes promised and depend on the seed alone`, () => {
    const decoder = createFrom(settings);
    const weights = decoder.initialWeights(1);
    assertEquals([...weights.keys()], [...decoder.weightShapes.keys()]);
    for (const [name, { shape, data }] of weights) {
      assertEquals(shape, decoder.weightShapes.get(name)!);
      assertEquals(data.length, shape.reduce((product, length) => product * length, 1));
    }
    assertEquals([...decoder.initialWeights(1)], [...weights]);
    const other = decoder.initialWeights(2).get("embedding/embeddings")!.data;
    assert(weights.get("embedding/embeddings")!.data.every((x, i) => x !== other[i]));
  });

  Deno.test(`${name}: activations() grow with the words, and are a positive number`, () => {
    const decoder = createFrom(settings);
    const counts = [2, 12, 40, 240].map((words) => decoder.activations(words));
    assert(counts.every((count, i) => count > (counts[i - 1] ?? 0)), `${counts}`);
  });

  if (settings.kind === "transformer") continue; // it takes both
  Deno.test(`${name} refuses features of another kind and says what to change`, () => {
    const takesGrid = gridOf(settings).length > 0;
    const featureShape = takesGrid ? [512] : [7, 7, 512];
    const inputs = { vocabularySize: VOCABULARY, featureShape };
    assertThrows(
      () => createDecoder(modelSettings.parse(settings), inputs),
      RangeError,
      takesGrid
        ? "the encoder gives [512]: set encoder.layer to one before the average over the grid"
        : "the encoder gives [7,7,512]: choose another encoder.layer",
    );
  });
}
