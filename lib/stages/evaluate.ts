import { basename, join } from "node:path";
import { Captioner, type Captions, readCaptionerParts } from "../captioner/mod.ts";
import {
  type CaptionRow,
  captionsByPhoto,
  namesMainObject,
  readDataset,
  readDatasetTable,
  sceneOf,
} from "../datasets/mod.ts";
import { openFeatures } from "../features/mod.ts";
import { scoreCaptions } from "../metrics/mod.ts";
import { bleuBars, lossCurves } from "../plots/mod.ts";
import { digestFile, removeLeftovers, writeFileWhole } from "../storage/mod.ts";
import { readHistory } from "../training/mod.ts";
import { cacheFeatures } from "./cache_features.ts";
import { datasetFolder, type Experiment, readRunConfig } from "./experiment.ts";
import { prepareData } from "./prepare_data.ts";
import { isUpToDate, recordStage } from "./record.ts";
import { BEST, TRAINED_ON } from "./train.ts";

/** Scores of a run on one split of a data set: `evaluations/<data set>-<split>.json`. */
export interface Evaluation {
  /** The split that was captioned. */
  split: string;
  /** Photos captioned. */
  photos: number;
  /** What the scores depend on. */
  signature: string;
  /** Captions a second, decoding alone. */
  captionsPerSecond: number;
  /** By name: `bleu-1`, … */
  scores: Record<string, number>;
}

/** A captioned photo: a line of `evaluations/<data set>-<split>.captions.jsonl`. */
export interface EvaluatedPhoto extends Captions {
  /** Path of the photo in the data set. */
  photo: string;
  /** What people wrote. */
  references: string[];
}

/** What stage 5 made. */
export interface Evaluated {
  /** The file of the scores. */
  path: string;
  /** What is in it. */
  evaluation: Evaluation;
}

/**
 * Stage 5: best checkpoint → captions and scores of photos that training never saw.
 *
 * @param experiment its config may differ from the run's in data set, decoding and evaluation
 * @throws {Error} if there is no such photo
 */
export async function evaluate(experiment: Experiment, run: string): Promise<Evaluated> {
  const { config, say } = experiment;
  const trained = await readRunConfig(run);
  const { folder: dataset } = await prepareData(experiment);
  const features = await cacheFeatures({
    ...experiment,
    config: { ...config, encoder: trained.encoder },
  });
  const { captions, summary } = await readDataset(dataset);
  const reader = await openFeatures(features.folder);
  const usable = captions.filter((row) => reader.has(row.digest));
  const { split, rows } = await unseenPhotos(usable, config.evaluation.split, run, say);
  // Another data set than the run's own has its digest in the name, and overwrites nothing.
  const own = datasetFolder({ ...experiment, config: trained }) === datasetFolder(experiment);
  const name = `${own ? summary.kind : basename(dataset)}-${split}`;
  const folder = join(run, "evaluations");
  const path = join(folder, `${name}.json`);
  const inputs = {
    checkpoint: await digestFile(join(run, BEST)),
    captions: await digestFile(join(dataset, "captions.parquet")),
    features: features.key,
    decoding: config.decoding,
    evaluation: config.evaluation,
  };
  if (await isUpToDate(folder, name, inputs)) {
    say(`The evaluation is done: ${path}`);
    return { path, evaluation: JSON.parse(await Deno.readTextFile(path)) };
  }
  const photos = [...captionsByPhoto(rows).values()];
  const engine = await experiment.engine();
  const captioner = new Captioner(await readCaptionerParts(run, trained), engine);
  try {
    const given = reader.gather(photos.map(([{ digest }]) => digest));
    const began = performance.now();
    const decoded = captioner.captionFeatures(given, photos.length, config.decoding);
    const seconds = (performance.now() - began) / 1000;
    const evaluated: EvaluatedPhoto[] = photos.map((rows, i) => ({
      photo: rows[0].photo,
      ...decoded[i],
      references: rows.map(({ caption }) => caption),
    }));
    const { scores, signature } = scoreCaptions(
      evaluated.map(({ caption }) => caption),
      evaluated.map(({ references }) => references),
      config.evaluation,
      { markers: trained.text.markers },
    );
    if (summary.tables.includes("scenes")) {
      Object.assign(scores, await mainObjectScores(dataset, evaluated));
    }
    const evaluation: Evaluation = {
      split,
      photos: photos.length,
      signature,
      captionsPerSecond: photos.length / seconds,
      scores,
    };
    await removeLeftovers(folder);
    const lines = evaluated.map((photo) => JSON.stringify(photo) + "\n").join("");
    await writeFileWhole(join(folder, `${name}.captions.jsonl`), lines);
    await writeFileWhole(path, JSON.stringify(evaluation, null, 2) + "\n");
    await writeFigures(run, folder, name, evaluation);
    await recordStage(folder, name, inputs, [`${name}.json`, `${name}.captions.jsonl`]);
    say(`Evaluated ${photos.length} ${split} photos: ${path}`);
    return { path, evaluation };
  } finally {
    await captioner.dispose();
  }
}

/**
 * The photos of a split, without those that the run was trained on.
 *
 * @throws {Error} if there are none
 */
async function unseenPhotos(
  captions: CaptionRow[],
  wanted: "dev" | "test",
  run: string,
  say: (line: string) => void,
): Promise<{ split: string; rows: CaptionRow[] }> {
  const trainedOn = new Set((await Deno.readTextFile(join(run, TRAINED_ON))).trim().split("\n"));
  const unseen = (split: string) => {
    const rows = captions.filter((row) => row.split === split);
    const kept = rows.filter((row) => !trainedOn.has(row.digest));
    if (kept.length < rows.length) {
      say(
        `${rows.length - kept.length} captions of ${split} are left out: ` +
          `the run was trained on their photos`,
      );
    }
    return kept;
  };
  const rows = unseen(wanted);
  if (rows.length > 0) return { split: wanted, rows };
  if (wanted === "test") {
    const dev = unseen("dev");
    if (dev.length > 0) {
      say("There are no test photos: evaluating on dev instead, which chose the best epoch");
      return { split: "dev", rows: dev };
    }
  }
  throw new Error(
    `The data set has no ${wanted} photos that the run was not trained on: ` +
      `look at dataset.split and evaluation.split`,
  );
}

/** How many captions name the main object's shape, its colour, and both. */
async function mainObjectScores(
  dataset: string,
  evaluated: EvaluatedPhoto[],
): Promise<Record<string, number>> {
  const table = (await readDatasetTable(dataset, "scenes")).toRecords();
  const scenes = new Map(table.map((row) => [row.photo as string, sceneOf(row as never)]));
  const named = evaluated.map(({ photo, caption }) => namesMainObject(caption, scenes.get(photo)!));
  const share = (test: (name: typeof named[number]) => boolean) =>
    named.filter(test).length / named.length;
  return {
    "main-shape": share(({ shape }) => shape),
    "main-colour": share(({ colour }) => colour),
    "main-object": share(({ shape, colour }) => shape && colour),
  };
}

async function writeFigures(
  run: string,
  folder: string,
  name: string,
  { scores }: Evaluation,
): Promise<void> {
  const figures = {
    [`${name}.bleu.plotly.json`]: bleuBars(scores),
    "loss.plotly.json": lossCurves(await readHistory(join(run, "history.jsonl"))),
  };
  for (const [file, figure] of Object.entries(figures)) {
    await writeFileWhole(join(folder, file), JSON.stringify(figure) + "\n");
  }
}
