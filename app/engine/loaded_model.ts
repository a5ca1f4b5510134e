import type { Captioner } from "../../lib/captioner/mod.ts";
import type { Config } from "../../lib/config/mod.ts";
import type { Encoder } from "../../lib/encoders/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { drawScene, randomScenes } from "../../lib/datasets/mod.ts";
import { decodePhoto, type ImageSettings } from "../../lib/images/mod.ts";
import type { Listener } from "../../lib/progress/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import { keptData, keptFeatures, photoEncoder, readCaptioner } from "../../lib/stages/mod.ts";
import type { ModelCard } from "./caption_engine.ts";
import { findDevPhotos } from "./dev_photos.ts";
import { modelCard } from "./model_card.ts";
import { TrainingMemory, trainingTooLarge } from "./training_memory.ts";

/** A run in memory: all that its captions are made with. */
export interface LoadedModel {
  /** What is told of it. */
  card: ModelCard;
  /** Captions of features. */
  captioner: Captioner;
  /** Features of photos; runs of the same encoder share it. */
  encoder: Encoder;
  /** How photos reach the encoder. */
  images: ImageSettings & { imageSize: number };
  /** Photos encoded at once. */
  batchSize: number;
  /** Paths of the card's dev photos by name. */
  devPhotos: ReadonlyMap<string, string>;
  /** Reads what training saw; undefined where that is gone, or too large to hold. */
  openMemory?: () => Promise<TrainingMemory>;
}

/** What models are loaded with. */
export interface LoadOptions extends Pick<Listener, "say" | "onProgress"> {
  /** What they are run on. */
  engine: Engine;
  /** Where data sets and features may still be. */
  data: string;
  /** Encoders that are loaded, by key; those of the new model are added. */
  encoders: Map<string, Encoder>;
}

/**
 * Loads a run with its encoder, and captions one photo with it, so that the first that comes is
 * not slower than the others.
 *
 * @param name under which it is asked for
 * @throws {RangeError} if the run cannot read photos
 * @throws {Error} if it is not trained to its end, or its encoder's weights are others
 */
export async function loadModel(
  folder: string,
  name: string,
  { engine, data, encoders, say, onProgress }: LoadOptions,
): Promise<LoadedModel> {
  const run = new Run(folder);
  const config = await run.readConfig();
  const opened = await photoEncoder(run, config, { fused: engine.fused, say, onProgress });
  const { settings } = opened;
  const encoder = encoders.get(opened.encoder.key) ?? opened.encoder;
  encoders.set(encoder.key, encoder);
  const captioner = await readCaptioner(run, config, engine, say);
  const images = { ...settings, imageSize: encoder.imageSize };
  await warmUp({ encoder, images, captioner });
  const { batchSize } = settings;
  return {
    ...await knownOf(run, config, name, captioner, data),
    ...{ captioner, encoder, images, batchSize },
  };
}

/** With a drawn photo, so that the library that decodes photos is loaded as well. */
async function warmUp(
  { encoder, images, captioner }: Pick<LoadedModel, "encoder" | "images" | "captioner">,
): Promise<void> {
  const [scene] = randomScenes(1, new Random(1, "warm-up"));
  const pixels = await decodePhoto(await drawScene(scene), images);
  await captioner.captionFeatures(await encoder.encode(pixels, 1), 1);
}

/** What is known of a run besides how it captions. */
async function knownOf(
  run: Run,
  config: Config,
  name: string,
  { tokenizer }: Captioner,
  data: string,
): Promise<Pick<LoadedModel, "card" | "devPhotos" | "openMemory">> {
  const { featureShape } = await run.readTraining();
  const prepared = await keptData(run, data);
  const devPhotos = prepared === undefined ? new Map() : await findDevPhotos(prepared);
  const card = await modelCard(run, config, name, tokenizer);
  card.devPhotos = [...devPhotos.keys()];
  using features = prepared && await keptFeatures(run, data);
  if (prepared === undefined || features === undefined) return { card, devPhotos };
  const tooLarge = trainingTooLarge(prepared.summary, featureShape);
  if (tooLarge !== undefined) {
    card.weaknesses.push(tooLarge);
    return { card, devPhotos };
  }
  card.knowsTraining = true;
  const openMemory = async () => {
    using reader = await keptFeatures(run, data);
    if (reader === undefined) throw new Error(`The features of ${name}'s training are gone`);
    const seen = await run.readSeenPhotos();
    return await TrainingMemory.read(prepared, reader, seen, tokenizer);
  };
  return { card, devPhotos, openMemory };
}
