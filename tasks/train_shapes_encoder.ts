/**
 * Trains the small encoder of the default data set and writes its weights into the repository:
 *
 *     deno task train-shapes-encoder
 *
 * Draws photos from seeds of its own, trains the network to recognise what is in them (shape,
 * colour, size, count, place, second object, background), each by one linear layer on the features,
 * and keeps the network without those layers. About five minutes on two cores. Expected accuracy on
 * 1,000 new photos: shape, colour, size, count, place and tone 99.7 %, the second object's colour
 * 99 % and its shape 95 %.
 */
import * as tf from "@tensorflow/tfjs";
import {
  colours,
  drawScenePixels,
  patterns,
  places,
  randomScenes,
  type Scene,
  shapes,
  sizes,
  tones,
} from "../lib/datasets/mod.ts";
import { architectures, buildModel, initialiseRandomly } from "../lib/encoders/mod.ts";
import { startEngine } from "../lib/engine/mod.ts";
import { Random } from "../lib/random/mod.ts";
import { encodeSafetensors } from "../lib/safetensors/mod.ts";
import { writeFileWhole } from "../lib/storage/mod.ts";

const SEED = 20_241;
const TRAIN_PHOTOS = 6000;
const TEST_PHOTOS = 1000;
const EPOCHS = 9;
const BATCH_SIZE = 50;
const HIGHEST_RATE = 2e-3; // falls to 0 along a cosine
const SIDE = 96;

/** What is asked about a photo, with the number of possible answers. */
const QUESTIONS: Record<string, { answers: number; answer: (scene: Scene) => number }> = {
  shape: { answers: 5, answer: ({ shape }) => shapes.indexOf(shape) },
  colour: { answers: 8, answer: ({ colour }) => colours.indexOf(colour) },
  size: { answers: 2, answer: ({ size }) => sizes.indexOf(size) },
  count: { answers: 3, answer: ({ count }) => count - 1 },
  place: { answers: 7, answer: ({ place }) => places.indexOf(place) },
  secondShape: { answers: 6, answer: ({ second }) => second ? shapes.indexOf(second.shape) : 5 },
  secondColour: { answers: 9, answer: ({ second }) => second ? colours.indexOf(second.colour) : 8 },
  tone: { answers: 3, answer: ({ tone }) => tones.indexOf(tone) },
  pattern: { answers: 4, answer: ({ pattern }) => patterns.indexOf(pattern) },
};
const ANSWERS = Object.values(QUESTIONS).reduce((sum, question) => sum + question.answers, 0);

const { description } = await startEngine({ say: console.error });
console.error(description);
const train = await drawPhotos(TRAIN_PHOTOS, "train");
const test = await drawPhotos(TEST_PHOTOS, "test");
console.error(`${TRAIN_PHOTOS + TEST_PHOTOS} photos drawn`);

const model = buildModel(architectures.shapes_cnn);
await initialiseRandomly(model, architectures.shapes_cnn, SEED);
const width = model.outputs[0].shape[1]!;
const heads = tf.variable(tf.zeros([width, ANSWERS]));
const headBiases = tf.variable(tf.zeros([ANSWERS]));

await trainModel();
report(await scores());
await scaleFeatures();
await writeWeights();

async function drawPhotos(count: number, part: string) {
  const scenes = scenesFor(count, part);
  const pixels = new Float32Array(count * SIDE * SIDE * 3);
  for (const [i, scene] of scenes.entries()) {
    const bytes = await drawScenePixels(scene);
    pixels.set(bytes, i * bytes.length);
  }
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i] / 127.5 - 1;
  const labels = Object.fromEntries(
    Object.entries(QUESTIONS).map(([name, { answer }]) => [name, scenes.map(answer)]),
  );
  return { count, pixels, labels };
}

/** Second objects are small, so hard to see: half of the training photos have one. */
function scenesFor(count: number, part: string): Scene[] {
  if (part !== "train") return randomScenes(count, new Random(SEED, "shapes encoder", part));
  const drawn = randomScenes(5 * count, new Random(SEED, "shapes encoder", part));
  const half = Math.floor(count / 2);
  return [
    ...drawn.filter(({ second }) => second !== null).slice(0, half),
    ...drawn.filter(({ second }) => second === null).slice(0, count - half),
  ];
}

async function trainModel() {
  const optimizer = tf.train.adam(HIGHEST_RATE);
  const steps = Math.floor(TRAIN_PHOTOS / BATCH_SIZE);
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = new Random(SEED, "order", epoch).shuffled([...Array(TRAIN_PHOTOS).keys()]);
    let sum = 0;
    for (let i = 0; i < steps; i++, step++) {
      // @ts-expect-error: not in the declaration, but the rate is this field
      optimizer.learningRate = HIGHEST_RATE * (1 + Math.cos(Math.PI * step / (steps * EPOCHS))) / 2;
      const rows = order.slice(i * BATCH_SIZE, (i + 1) * BATCH_SIZE);
      const loss = optimizer.minimize(() => batchLoss(rows), true)!;
      sum += (await loss.data())[0];
      loss.dispose();
    }
    console.error(`epoch ${epoch + 1} of ${EPOCHS}: loss ${(sum / steps).toFixed(3)}`);
  }
  optimizer.dispose();
}

/** Sum of the questions' cross-entropies, mean over photos. */
function batchLoss(rows: number[]): tf.Scalar {
  const logits = tf.add(tf.matMul(featuresOf(train, rows), heads), headBiases) as tf.Tensor2D;
  let begin = 0;
  const losses = Object.entries(QUESTIONS).map(([name, question]) => {
    const own = tf.slice(logits, [0, begin], [rows.length, question.answers]);
    begin += question.answers;
    const labels = tf.oneHot(rows.map((row) => train.labels[name][row]), question.answers);
    return tf.losses.softmaxCrossEntropy(labels, own);
  });
  return tf.addN(losses) as tf.Scalar;
}

function featuresOf(photos: typeof train, rows: number[]): tf.Tensor2D {
  const size = SIDE * SIDE * 3;
  const values = new Float32Array(rows.length * size);
  rows.forEach((row, i) =>
    values.set(photos.pixels.subarray(row * size, (row + 1) * size), i * size)
  );
  return model.apply(tf.tensor4d(values, [rows.length, SIDE, SIDE, 3])) as tf.Tensor2D;
}

/** The share of test photos for which each question is answered correctly. */
async function scores(): Promise<Record<string, number>> {
  const right: Record<string, number> = {};
  for (let from = 0; from < TEST_PHOTOS; from += 100) {
    const rows = Array.from({ length: 100 }, (_, i) => from + i);
    const logits = tf.tidy(() => tf.add(tf.matMul(featuresOf(test, rows), heads), headBiases));
    const values = await logits.data();
    logits.dispose();
    rows.forEach((row, i) => {
      let begin = i * ANSWERS;
      for (const [name, question] of Object.entries(QUESTIONS)) {
        const own = values.slice(begin, begin += question.answers);
        const hit = own.indexOf(Math.max(...own)) === test.labels[name][row];
        right[name] = (right[name] ?? 0) + (hit ? 1 / TEST_PHOTOS : 0);
      }
    });
  }
  return right;
}

function report(right: Record<string, number>) {
  for (const [name, share] of Object.entries(right)) {
    console.log(`${name.padEnd(14)}${(100 * share).toFixed(1)} %`);
  }
}

/**
 * Scales the features to a mean square of 1, from which decoders learn best; ReLU passes a positive
 * factor through.
 */
async function scaleFeatures() {
  const rows = Array.from({ length: 500 }, (_, i) => i);
  const square = tf.tidy(() => tf.mean(tf.square(featuresOf(train, rows))));
  const factor = 1 / Math.sqrt((await square.data())[0]);
  square.dispose();
  const layer = model.getLayer("features");
  tf.tidy(() => layer.setWeights(layer.getWeights().map((weight) => tf.mul(weight, factor))));
}

async function writeWeights() {
  const tensors = new Map<string, { shape: number[]; data: Float16Array }>();
  for (const layer of model.layers) {
    for (const weight of layer.weights) {
      const values = await weight.read().data();
      const name = weight.originalName.slice(weight.originalName.lastIndexOf("/") + 1);
      const data = Float16Array.from(values as Float32Array);
      tensors.set(`${layer.name}/${name}`, { shape: weight.shape as number[], data });
    }
  }
  const url = new URL("../lib/encoders/weights/shapes_cnn.safetensors", import.meta.url);
  const bytes = encodeSafetensors(tensors, { made_by: "tasks/train_shapes_encoder.ts" });
  await writeFileWhole(url.pathname, bytes);
  console.error(`${url.pathname}: ${bytes.length} bytes`);
}
