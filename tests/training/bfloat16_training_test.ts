import * as tf from "@tensorflow/tfjs";
import type { Arithmetic } from "../../lib/nn/mod.ts";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import {
  captionBatch,
  type CaptionSet,
  crossEntropy,
  disposeBatch,
  readCheckpoint,
  trainDecoder,
  trainingSettings,
} from "../../lib/training/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";
import { cosine } from "../engine/tensorflow/gradients.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";

const ARITHMETICS: Arithmetic[] = ["float32", "bfloat16"];

/**
 * Every decoder, and what its gradients' cosine to those of float32 is above at least. Behind a ReLU a
 * few numbers near 0 fall on its other side, which costs more than the rounding itself.
 */
const models: Record<string, { model: Record<string, unknown>; atLeast: number }> = {
  "merge": { model: { kind: "merge", dense: 128 }, atLeast: .995 },
  "merge on a GRU": { model: { kind: "merge", cell: "gru", dense: 128 }, atLeast: .995 },
  "init_inject": { model: { kind: "init_inject" }, atLeast: .9999 },
  "par_inject": { model: { kind: "par_inject", imageActivation: "tanh" }, atLeast: .9999 },
  "bilstm_dot": { model: { kind: "bilstm_dot", dense: 96, imageSteps: 4 }, atLeast: .995 },
};

for (const [name, { model, atLeast }] of Object.entries(models)) {
  Deno.test({
    name: `bfloat16: the gradients of ${name} are near those of float32: ${atLeast}`,
    ignore,
    async fn() {
      const { backend, fused } = await startTensorFlow();
      await withoutLeak(backend, () => {
        const inputs = { vocabularySize: 500, featureShape: [640] };
        const set = madeCaptions(48, { vocabulary: 500, width: 640 });
        const { batch } = captionBatch(set, set.captions.map((_, i) => i));
        const inArithmetic = (arithmetic: Arithmetic) => {
          const settings = modelSettings.parse({ embedding: 96, units: 160, ...model });
          const decoder = createDecoder(settings, inputs, fused.in(arithmetic));
          const weights = [...decoder.initialWeights(1)];
          const tensors = weights.map(([, { data, shape }]) => tf.tensor(data, shape));
          const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
            const given = new Map(weights.map(([name], i) => [name, tensors[i]]));
            return crossEntropy(decoder, given, batch);
          })(tensors);
          return { loss: value.dataSync()[0], grads };
        };
        tf.tidy(() => {
          const [exact, rounded] = ARITHMETICS.map(inArithmetic);
          assert(exact.loss !== rounded.loss, "nothing was rounded");
          assertAlmostEquals(rounded.loss, exact.loss, 0.01);
          exact.grads.forEach((gradient, i) => {
            const similarity = cosine(gradient, rounded.grads[i]);
            assert(similarity > atLeast, `gradient ${i}: ${similarity}`);
          });
          const whole = [exact, rounded].map(({ grads }) =>
            tf.concat(grads.map((gradient) => tf.reshape(gradient, [-1])))
          );
          assert(cosine(whole[0], whole[1]) > .999);
        });
        disposeBatch(batch);
      });
    },
  });
}

/** Photos of one of 6 colours and shapes, and sentences that say which: `a red circle on grass`. */
function paintings(count: number, seed: number): CaptionSet {
  const [width, kinds] = [512, 6];
  const random = new Random(seed, "paintings");
  const looks = Array.from({ length: 2 * kinds }, (_, i) => {
    const look = new Random(1, "looks", i);
    return Array.from({ length: width }, () => look.normal());
  });
  const drawn = Array.from(
    { length: count },
    () => ({ colour: random.integer(0, kinds), shape: random.integer(0, kinds) }),
  );
  const features = drawn.map(({ colour, shape }) =>
    looks[colour].map((value, i) => value + looks[kinds + shape][i] + random.normal() / 2)
  );
  return {
    captions: drawn.map(({ colour, shape }) => {
      const place = random.integer(0, 3);
      return Int32Array.from([1, 3, 4 + colour, 10 + shape, ...place ? [16, 16 + place] : [], 2]);
    }),
    photos: drawn.map((_, i) => String(i)),
    features: {
      featureShape: [width],
      gather: (digests) => Float32Array.from(digests.flatMap((digest) => features[Number(digest)])),
    },
  };
}

Deno.test({
  name:
    "bfloat16: after 3 epochs val_loss is within .01 of float32's, and checkpoints say bfloat16",
  ignore,
  async fn() {
    const { backend, fused, optimizer } = await startTensorFlow();
    const path = await Deno.makeTempFile();
    const [train, dev] = [paintings(768, 1), paintings(128, 2)];
    const losses = async (arithmetic: Arithmetic) => {
      const found: number[] = [];
      const settings = { kind: "merge", units: 160, dense: 160, embedding: 64 };
      const decoder = createDecoder(
        modelSettings.parse(settings),
        { vocabularySize: 19, featureShape: [512] },
        fused.in(arithmetic),
      );
      const result = await trainDecoder({
        decoder,
        settings: trainingSettings.parse({ epochs: 3, learningRate: 3e-3 }),
        train,
        dev,
        optimizer,
        callbacks: [{
          name: "Losses",
          onTrainBegin: async (control) => await control.saveCheckpoint(path),
          onEpochEnd: (_epoch, { val_loss }) => void found.push(val_loss),
          onStepEnd: (_step, { loss }) => assert(Number.isFinite(loss)),
        }],
      });
      const recorded = arithmetic === "bfloat16" ? arithmetic : undefined;
      assertEquals([result.arithmetic, readCheckpoint(path).arithmetic], [recorded, recorded]);
      return found;
    };
    try {
      await withoutLeak(backend, async () => {
        const [exact, rounded] = [await losses("float32"), await losses("bfloat16")];
        assert(exact[2] < exact[0] / 1.5, `${exact}`);
        exact.forEach((loss, epoch) => {
          assert(loss !== rounded[epoch], "nothing was rounded");
          assertAlmostEquals(rounded[epoch], loss, 0.01);
        });
      });
    } finally {
      await Deno.remove(path);
    }
  },
});
