import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  arithmeticOf,
  isOnnx,
  LazyEncoder,
  loadNetwork,
  type TrainableLayers,
} from "../encoders/mod.ts";
import {
  type ExportedNetwork,
  type ExportedRun,
  type ExportFormat,
  writeKerasExport,
  writeWebExport,
} from "../interchange/mod.ts";
import type { Weights } from "../nn/mod.ts";
import { encoderKeyOf, Run, type TrainingSummary } from "../run/mod.ts";
import { exists, folderSize, lockFolder, restoreFolder, writeFolderWhole } from "../storage/mod.ts";
import { networkOf } from "../config/mod.ts";
import { inTrainedArithmetic } from "./trained_arithmetic.ts";
import { checkEncoder } from "./check_encoder.ts";
import { checkNetwork, encoderGiving, shapeText } from "./check_features.ts";
import type { Experiment } from "./experiment.ts";
import { runDecoder, tunedLayers, untuned } from "./tuned_layers.ts";

/** Every export has one. */
const CARD = "card.json";

/** What is asked for. */
export interface ExportRequest {
  /** The run's folder. */
  run: string;
  /** For Keras 3 (`keras`), Keras 2 and 3 (`h5`), or a web page (`tfjs`). */
  format: ExportFormat;
  /** The folder to write. @default {`exports/<run>-<format>` in the data folder} */
  output?: string;
  /** Replaces an existing export. @default {false} */
  overwrite?: boolean;
  /** Leaves the encoder out of a page's folder. @default {false} */
  withoutEncoder?: boolean;
}

/** What was written. */
export interface Exported {
  /** The folder. */
  output: string;
  /** As asked for. */
  format: ExportFormat;
  /** Bytes of all its files. */
  bytes: number;
}

/**
 * Writes a trained run for Keras or for a web page; the folder appears whole or not at all.
 *
 * @param experiment its config is the run's, but for what says where the encoder's weights are
 * @throws {Error} if the run is not trained, the folder is there already, or the encoder's weights
 * are not those of the training
 */
export async function exportRun(
  experiment: Pick<Experiment, "config" | "data" | "say" | "onProgress">,
  request: ExportRequest,
): Promise<Exported> {
  const { config, data, say } = experiment;
  const { run, format, overwrite = false } = request;
  const output = request.output ?? join(data, "exports", `${config.name}-${format}`);
  using _lock = await lockFolder(output, { say });
  await restoreFolder(output);
  await checkFree(output, overwrite);
  const { exported, training, tuned } = await readRun(experiment, run);
  if (tuned !== undefined && (format !== "tfjs" || request.withoutEncoder)) {
    throw new RangeError(
      `${run} was trained with the last layers of its encoder, and its decoder is of no use without ` +
        "them: only an export for a web page with its encoder has them (--format=tfjs)",
    );
  }
  const { encoder, featureShape } = exported;
  if (encoder.kind === "features" && !request.withoutEncoder) {
    say(
      `No encoder goes along: the run's features of the shape ${
        shapeText(featureShape)
      } were made ` +
        "elsewhere, as the card says",
    );
  }
  if (format === "tfjs") await startPlainBackend();
  const network = format === "tfjs" && !request.withoutEncoder && encoder.kind !== "features"
    ? await loadEncoder(experiment, { ...training, name: run }, tuned)
    : undefined;
  try {
    await writeFolderWhole(output, async (folder) => {
      if (format === "tfjs") await writeWebExport(folder, exported, network);
      else await writeKerasExport(folder, exported, format);
    }, { replace: overwrite });
  } finally {
    network?.model.dispose();
  }
  say(`Wrote ${output}`);
  return { output, format, bytes: await folderSize(output) };
}

/** Nothing but an export is ever replaced. */
async function checkFree(output: string, overwrite: boolean): Promise<void> {
  if (!await exists(output)) return;
  if (!await exists(join(output, CARD))) {
    throw new Error(
      `${output} is there already and no export, since it has no ${CARD}: choose another --output`,
    );
  }
  if (!overwrite) {
    throw new Error(`${output} is there already: choose another --output, or --overwrite it`);
  }
}

/** Weights are only held, not worked with: no engine is needed for that. */
async function startPlainBackend(): Promise<void> {
  tf.enableProdMode(); // TF.js would recommend another backend, at length
  if (!tf.getBackend()) await tf.setBackend("cpu");
}

async function readRun({ config, say }: Pick<Experiment, "config" | "say">, folder: string) {
  const run = new Run(folder);
  const training = await run.readTraining();
  const tokenizer = await run.readTokenizer();
  const { featureShape } = training;
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
  const weights = await run.readWeights(runDecoder(config, inputs), say);
  const layers = tunedLayers(config.encoder);
  const own = [...weights].filter(([name]) => !layers?.weightShapes.has(name));
  const { evaluations, problems } = await run.readEvaluations(config.dataset.kind);
  for (const problem of problems) say(`${problem}; the card is without it`);
  const exported: ExportedRun = {
    name: config.name,
    description: config.description,
    model: config.model,
    weights: new Map(own),
    tokenizer,
    featureShape: [...layers?.outputShape ?? featureShape],
    encoder: untuned(encoderGiving(config.encoder, featureShape)),
    decoding: config.decoding,
    evaluations: Object.fromEntries(
      Object.entries(evaluations).map(([name, { photos, signature, scores }]) => [
        name,
        { photos, signature, scores },
      ]),
    ),
  };
  const tuned = layers && { layers, weights, digest: await run.bestDigest() };
  return { exported, training, tuned };
}

async function loadEncoder(
  { config, say, onProgress }: Pick<Experiment, "config" | "say" | "onProgress">,
  training: TrainingSummary & { name: string },
  tuned: { layers: TrainableLayers; weights: Weights; digest: string } | undefined,
): Promise<ExportedNetwork> {
  const otherwise = "export --without-encoder";
  checkNetwork(config.encoder, training, otherwise);
  const settings = networkOf(inTrainedArithmetic(config.encoder, training));
  if (isOnnx(settings)) {
    throw new RangeError(`An encoder in an ONNX file cannot be part of an export: ${otherwise}`);
  }
  const needed = encoderKeyOf(training);
  if (
    settings.arithmetic === "bfloat16" && (needed === null || arithmeticOf(needed) === "bfloat16")
  ) {
    throw new RangeError(
      "This run's features are computed in bfloat16, which an exported encoder does not know: " +
        otherwise,
    );
  }
  if (tuned !== undefined) {
    checkEncoder(await LazyEncoder.of(settings), settings, training, { say, otherwise });
    const whole = networkOf(untuned(config.encoder));
    const network = await loadNetwork(whole, { say, onProgress });
    tuned.layers.putInto(network.model, tuned.weights);
    return { ...network, key: `${network.key}-tuned-${tuned.digest.slice(0, 16)}` };
  }
  const network = await loadNetwork(settings, { say, onProgress });
  try {
    checkEncoder(network, settings, training, { say, otherwise });
  } catch (error) {
    network.model.dispose();
    throw error;
  }
  return network;
}
