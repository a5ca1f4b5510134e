import * as tf from "@tensorflow/tfjs";
import { loadConfig } from "../../../lib/config/mod.ts";
import type { Engine } from "../../../lib/engine/mod.ts";
import type { ImportedModel } from "../../../lib/interchange/mod.ts";
import { createDecoder } from "../../../lib/models/mod.ts";
import { plainAdam, type Weights } from "../../../lib/nn/mod.ts";
import { importRun, throughTraining } from "../../../lib/stages/mod.ts";
import { trainDecoder, trainingSettings, validationLoss } from "../../../lib/training/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { madeCaptions } from "../../models/made_captions.ts";
import { npyOf, npyOfTexts } from "../../python/npy_file.ts";
import { archiveOf } from "../zip_archive.ts";
import { kerasTokenizer } from "./exports.ts";

/** Asserts that further training lowers the loss and changes every weight that is not frozen. */
export async function checkFurtherTraining(model: ImportedModel): Promise<void> {
  const { settings, weights, vocabularySize, featureShape } = model;
  const decoder = createDecoder(settings, { vocabularySize, featureShape });
  const vocabulary = vocabularySize;
  const train = madeCaptions(6, { vocabulary, width: featureShape[0], longest: 4 });
  const training = trainingSettings.parse({ epochs: 4, batchSize: 6, learningRate: 0.02 });
  const lossOf = (given: Weights) => {
    const read = () =>
      new Map([...given].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
    return validationLoss(decoder, { read }, train, training);
  };
  const before = await lossOf(weights);
  const { weights: after } = await trainDecoder({
    decoder,
    settings: training,
    train,
    optimizer: plainAdam,
    initialWeights: weights,
  });
  const loss = await lossOf(after);
  assert(loss < before, `${before} to ${loss}`);
  assertTrained(weights, after, decoder.frozen);
}

function assertTrained(before: Weights, after: Weights, frozen: ReadonlySet<string>): void {
  assertEquals([...after.keys()], [...before.keys()]);
  for (const [name, { data }] of after) {
    const isSame = data.every((x, i) => x === before.get(name)!.data[i]);
    assertEquals(isSame, frozen.has(name), name);
  }
}

const engine: Engine = { name: "wasm", description: "plain", gpu: false, optimizer: plainAdam };

/**
 * Imports a model and trains the run further, as `deno task train --from` does, on photos whose features
 * come from a file.
 */
export async function checkTrainFrom(path: string, model: ImportedModel): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const source = `${folder}/source`;
    await makeSource(source, model.featureShape[0]);
    const tokenizerFile = `${folder}/tokenizer.json`;
    await Deno.writeTextFile(tokenizerFile, kerasTokenizer().toJson());
    const tokenizer = {
      path: tokenizerFile,
      format: "Keras JSON" as const,
      keras: kerasTokenizer(),
    };
    const said = { data: folder, say: () => {} };
    const { run, config: { text, model: settings } } = await importRun(said, {
      model: { kind: "model", path, model },
      tokenizer: { kind: "tokenizer", path: tokenizerFile, tokenizer },
      overrides: [],
      name: "imported",
      overwrite: false,
    });
    const config = await loadConfig({
      name: "further",
      overrides: [
        "dataset.kind=flickr8k",
        `dataset.source=${source}`,
        'dataset.split={"train": 0.6, "dev": 0.2, "test": 0.2}',
        "encoder.kind=features",
        `encoder.features=${source}/features.npz`,
        ...["training.epochs=4", "training.learningRate=0.02"],
      ],
    });
    const experiment = {
      config: {
        ...config,
        text,
        model: settings,
        training: { ...config.training, from: run.folder },
      },
      ...said,
      engine: () => Promise.resolve(engine),
    };
    const { run: further } = await throughTraining(experiment);
    const { vocabularySize, featureShape } = model;
    const decoder = createDecoder(settings, { vocabularySize, featureShape });
    assertTrained(model.weights, await further.readWeights(decoder), decoder.frozen);
    const epochs = await further.readHistory();
    const losses = epochs.map(({ loss }) => Number(loss));
    assertEquals(losses.length, 4);
    assert(losses[3] < losses[0], `${losses}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Ten photos with a caption each, and their features. */
async function makeSource(folder: string, width: number): Promise<void> {
  const photos = Array.from({ length: 10 }, (_, i) => `${i}.jpg`);
  await Deno.mkdir(`${folder}/Images`, { recursive: true });
  const rows = photos.map((photo, i) => `${photo},${i % 2 ? "a c e" : "b d f"} g\n`);
  await Deno.writeTextFile(`${folder}/captions.txt`, `image,caption\n${rows.join("")}`);
  for (const photo of photos) await Deno.writeTextFile(`${folder}/Images/${photo}`, photo);
  const matrix = Float32Array.from({ length: width * photos.length }, (_, i) => Math.sin(i));
  const features = archiveOf([
    { name: "x.npy", content: npyOf("<f4", [photos.length, width], matrix) },
    { name: "names.npy", content: npyOfTexts(photos) },
  ]);
  await Deno.writeFile(`${folder}/features.npz`, features);
}
