import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { type Config, loadConfig } from "../../lib/config/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { createDecoder, mergeSettings, parameterCount } from "../../lib/models/mod.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import {
  buildTokenizer,
  captionSets,
  type Experiment,
  exportRun,
  importRun,
  throughEvaluation,
  throughFeatures,
  tidyData,
  trainingInputs,
} from "../../lib/stages/mod.ts";
import { openFeatures } from "../../lib/features/mod.ts";
import { KerasTokenizer } from "../../lib/text/mod.ts";
import { createCallbacks, trainDecoder } from "../../lib/training/mod.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { archiveOf } from "../interchange/zip_archive.ts";

/** What can be killed, each as a task or a notebook does it. */
export const works = { train, overwrite, again, import: imported, export: exported };

/** One of them. */
export type Work = keyof typeof works;

/** Name of the run that is trained. */
export const RUN = "made";

/** Name of the run that is imported. */
const IMPORTED = "imported";

const engine: Engine = { name: "wasm", description: "plain", gpu: false, optimizer: plainAdam };
const photos = Array.from({ length: 20 }, (_, i) => `${i}.jpg`);

/** Where a work finds its sources, and where it writes. */
export interface Place {
  /** Made by {@linkcode makeSource}. */
  source: string;
  /** The data folder. */
  data: string;
}

/** Does a work, after what every task does first. */
export async function doWork(work: Work, place: Place): Promise<void> {
  await tf.setBackend("cpu");
  await tidyData(place.data);
  await works[work](place);
}

/** A data set laid out like Flickr8k, with features from a file, so that no photo is decoded. */
export async function makeSource(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "Images"), { recursive: true });
  const rows = photos.map((photo, i) => `${photo},a ${i % 2 ? "red" : "blue"} circle\n`);
  await Deno.writeTextFile(join(folder, "captions.txt"), `image,caption\n${rows.join("")}`);
  for (const photo of photos) await Deno.writeTextFile(join(folder, "Images", photo), photo);
  const matrix = Float32Array.from({ length: 2 * photos.length }, (_, i) => Math.sin(i));
  const features = archiveOf([
    { name: "x.npy", content: npyOf("<f4", [photos.length, 2], matrix) },
    { name: "names.npy", content: npyOfTexts(photos) },
  ]);
  await Deno.writeFile(join(folder, "features.npz"), features);
  for (const name of ["model.h5", "tokenizer.pkl"]) {
    await Deno.writeTextFile(join(folder, name), ""); // there for their digests alone
  }
}

async function configOf(source: string, units: number, more: string[]): Promise<Config> {
  return await loadConfig({
    name: RUN,
    overrides: [
      "dataset.kind=flickr8k",
      `dataset.source=${source}`,
      'dataset.split={"train": 0.6, "dev": 0.2, "test": 0.2}',
      `encoder.features=${join(source, "features.npz")}`,
      ...["model.embedding=2", `model.units=${units}`, "model.dense=2", "text.minCount=1"],
      ...["training.epochs=3", "training.batchSize=6", "training.learningRate=0.05"],
      ...["decoding.beam=1", "decoding.maxLength=4"],
      ...more,
    ],
  });
}

/** An experiment with a decoder of so many units. */
export async function experimentOf(
  { source, data }: Place,
  units = 2,
  more: string[] = [],
): Promise<Experiment> {
  return {
    config: await configOf(source, units, more),
    data,
    engine: () => Promise.resolve(engine),
    say: () => {},
  };
}

async function train(place: Place): Promise<void> {
  await throughEvaluation(await experimentOf(place));
}

/** Of other settings than {@linkcode train}'s. As a user does it, without --overwrite once begun. */
async function overwrite(place: Place): Promise<void> {
  const experiment = await experimentOf(place, 3);
  const begun = await Run.named(RUN, place.data).check(experiment.config).then(
    () => true,
    () => false,
  );
  await throughEvaluation(experiment, { overwrite: !begun });
}

/** As notebook 04 with `trainAgain`. */
async function again(place: Place): Promise<void> {
  const experiment = await experimentOf(place);
  const { config, say } = experiment;
  const { prepared, features } = await throughFeatures(experiment);
  const { run, tokenizer } = await buildTokenizer(experiment, prepared);
  const reader = await openFeatures(features.folder);
  const sets = await captionSets(prepared, tokenizer, reader);
  const { featureShape } = reader;
  const { vocabularySize } = tokenizer;
  const decoder = createDecoder(config.model, { vocabularySize, featureShape });
  const inputs = await trainingInputs(experiment, { prepared, features, run });
  using _lock = await run.lock({ say });
  await run.deleteCheckpoints();
  const from = await run.checkpointToResume(inputs, say);
  const belongsTo = await run.beginTraining(inputs, sets.train.photos);
  const result = await trainDecoder({
    decoder,
    settings: config.training,
    ...sets,
    callbacks: createCallbacks(config.training, run.paths, { hasDev: true, say }),
    optimizer: plainAdam,
    from,
    belongsTo,
    say,
  });
  const parameters = parameterCount(decoder);
  await run.finishTraining(inputs, { ...result, featureShape, parameters, unigramLoss: 1 });
}

/** Replaces an imported run, if there is one. */
async function imported(place: Place): Promise<void> {
  await importUnits(place, 5);
}

/** Imports a model of so many units as a run of that name, which is replaced if it is there. */
export async function importUnits(
  { source, data }: Place,
  units: number,
  name = IMPORTED,
): Promise<void> {
  const settings = mergeSettings.parse({ kind: "merge", embedding: 3, units, dense: 4 });
  const inputs = { vocabularySize: 8, featureShape: [1280] };
  const keras = new KerasTokenizer({ numWords: null });
  keras.fitOnTexts(["startseq a dog runs endseq", "startseq two dogs endseq"]);
  const path = join(source, "tokenizer.pkl");
  await importRun({ data, say: () => {} }, {
    model: {
      kind: "model",
      path: join(source, "model.h5"),
      model: {
        settings,
        weights: createDecoder(settings, inputs).initialWeights(1),
        ...inputs,
        longest: 5,
        writer: "Keras 2.15.0",
        untold: [],
        notes: [],
      },
    },
    tokenizer: { kind: "tokenizer", path, tokenizer: { path, format: "pickle", keras } },
    overrides: [],
    name,
    overwrite: true,
  });
}

/** Replaces an export, if there is one. */
async function exported(place: Place): Promise<void> {
  await exportDescribed(place, "new");
}

/** Exports the run with such a description, which its card shows. */
export async function exportDescribed(place: Place, description: string): Promise<void> {
  const experiment = await experimentOf(place);
  const config = { ...experiment.config, description };
  const { folder } = Run.named(RUN, place.data);
  const request = { run: folder, format: "keras", overwrite: true } as const;
  await exportRun({ ...experiment, config }, request);
}

if (import.meta.main) {
  const [work, source, data] = Deno.args;
  await doWork(work as Work, { source, data });
}
