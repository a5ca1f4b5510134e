import type { Captions } from "../../lib/captioner/mod.ts";
import type { DecodingSettings } from "../../lib/decoding/mod.ts";
import { decodePhoto, UnreadablePhotoError } from "../../lib/images/mod.ts";
import type {
  BatchOptions,
  PhotoDetails,
  PhotoEvent,
  PhotoOutcome,
  PhotoRequest,
  Step,
} from "./caption_engine.ts";
import type { LoadedModel } from "./loaded_model.ts";
import type { TrainingMemory } from "./training_memory.ts";

/** What captioning a batch needs besides its photos. */
export interface BatchContext {
  /** Whether nobody waits for a photo any more; asked before every step. */
  isUnwanted: (photo: number) => boolean;
  /** Told what happens to a photo. */
  onEvent: (photo: number, event: PhotoEvent) => void;
  /** Runs work on TensorFlow in its turn. */
  compute: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** What the model's training saw; undefined where that is gone. */
  memory: () => Promise<TrainingMemory | undefined>;
}

/** Outcome of a photo that nobody waited for. */
const UNWANTED: PhotoOutcome = { error: "The request was ended before the photo was captioned" };

/** A photo on its way through a batch. */
interface Photo {
  /** In the batch. */
  position: number;
  request: PhotoRequest;
  pixels: Uint8Array;
}

/**
 * Captions of a batch of photos; one that cannot be read has its sentence, one that nobody waits for
 * is left out from the next step on, and the others go on.
 */
export async function captionPhotos(
  model: LoadedModel,
  requests: readonly PhotoRequest[],
  { beam, lengthNormalisation }: BatchOptions,
  context: BatchContext,
): Promise<PhotoOutcome[]> {
  const { isUnwanted, compute } = context;
  const outcomes = new Array<PhotoOutcome>(requests.length).fill(UNWANTED);
  const steps: Record<Step, number> = { reading: 0, features: 0, words: 0 };
  const wanted = (photos: readonly Photo[]) =>
    photos.filter(({ position }) => !isUnwanted(position));
  const timed = async <Result>(step: Step, photos: () => Photo[], work: () => Promise<Result>) => {
    const began = performance.now();
    const result = await work();
    const milliseconds = steps[step] = performance.now() - began;
    for (const { position } of photos()) {
      context.onEvent(position, { type: "step", step, milliseconds });
    }
    return result;
  };

  let photos: Photo[] = [];
  await timed("reading", () => photos, async () => {
    photos = await readPhotos(model, requests, isUnwanted, outcomes);
  });
  const decoding = { ...model.captioner.decoding, beam, lengthNormalisation };
  const captioned = await compute(async () => {
    const features = await timed("features", () => photos, async () => {
      const encoded = await encodePhotos(model, photos, wanted);
      photos = encoded.photos;
      return encoded.features;
    });
    if (photos.length === 0) return undefined;
    return await timed("words", () => wanted(photos), async () => {
      const found = await captionFeatures(model, photos, features, decoding, context);
      return { features, ...found };
    });
  });
  if (captioned === undefined) return outcomes;
  const details = await detailsOf(photos, captioned, context);
  for (const [i, { position }] of photos.entries()) {
    if (isUnwanted(position)) continue;
    const answer = { ...captioned.captions[i], steps };
    const detail = details[i];
    outcomes[position] = { answer: detail === undefined ? answer : { ...answer, details: detail } };
  }
  return outcomes;
}

/** The photos that can be read; the others' sentences are among the outcomes afterwards. */
async function readPhotos(
  { images }: LoadedModel,
  requests: readonly PhotoRequest[],
  isUnwanted: BatchContext["isUnwanted"],
  outcomes: PhotoOutcome[],
): Promise<Photo[]> {
  const read = requests.map(async (request, position): Promise<Photo[]> => {
    if (isUnwanted(position)) return [];
    try {
      return [{ position, request, pixels: await decodePhoto(request.bytes, images) }];
    } catch (error) {
      if (!(error instanceof UnreadablePhotoError)) throw error;
      outcomes[position] = { error: error.message };
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}

/** Features of the photos that are still wanted when their turn comes. */
async function encodePhotos(
  { encoder, batchSize }: LoadedModel,
  photos: readonly Photo[],
  wanted: (photos: readonly Photo[]) => Photo[],
): Promise<{ photos: Photo[]; features: Float32Array }> {
  const length = encoder.imageSize ** 2 * 3;
  const size = encoder.featureShape.reduce((product, side) => product * side, 1);
  const encoded: Photo[] = [];
  const features = new Float32Array(photos.length * size);
  for (let from = 0; from < photos.length; from += batchSize) {
    const batch = wanted(photos.slice(from, from + batchSize));
    if (batch.length === 0) continue;
    const pixels = new Uint8Array(batch.length * length);
    batch.forEach((photo, i) => pixels.set(photo.pixels, i * length));
    features.set(await encoder.encode(pixels, batch.length), encoded.length * size);
    encoded.push(...batch);
  }
  return { photos: encoded, features: features.subarray(0, encoded.length * size) };
}

/** The captions of a batch, and the greedy ones of the photos that asked for words or details. */
async function captionFeatures(
  { captioner }: LoadedModel,
  photos: readonly Photo[],
  features: Float32Array,
  decoding: DecodingSettings,
  { isUnwanted, onEvent }: BatchContext,
): Promise<{ captions: Captions[]; greedy: ReadonlyMap<Photo, Captions> }> {
  const size = features.length / photos.length;
  const search = async (rows: readonly number[], settings: DecodingSettings) => {
    const part = new Float32Array(rows.length * size);
    rows.forEach((row, i) => part.set(features.subarray(row * size, (row + 1) * size), i * size));
    return await captioner.captionFeatures(part, rows.length, settings, {
      isUnwanted: (row) => isUnwanted(photos[rows[row]].position),
      onWord: (row, index, probability) => {
        const { position, request } = photos[rows[row]];
        if (!request.streams) return;
        for (const word of captioner.tokenizer.decode([index])) { // a marker is none
          onEvent(position, { type: "word", word, probability });
        }
      },
    });
  };
  const all = [...photos.keys()];
  if (decoding.beam === 1) {
    const captions = await search(all, decoding);
    return { captions, greedy: new Map(photos.map((photo, i) => [photo, captions[i]])) };
  }
  const streamed = all.filter((row) => photos[row].request.streams || photos[row].request.details);
  const greedy = await search(streamed, { ...decoding, beam: 1 });
  const captions = await search(all, decoding);
  return { captions, greedy: new Map(streamed.map((row, i) => [photos[row], greedy[i]])) };
}

/** Details of the photos that asked for them, undefined for the others. */
async function detailsOf(
  photos: readonly Photo[],
  found: { features: Float32Array; captions: Captions[]; greedy: ReadonlyMap<Photo, Captions> },
  { isUnwanted, compute, memory }: BatchContext,
): Promise<(PhotoDetails | undefined)[]> {
  const asked = photos.map(({ position, request }) => request.details && !isUnwanted(position));
  if (!asked.includes(true)) return [];
  const training = await memory();
  const likenesses = training && await compute(() => training.likenessOf(found.features));
  return photos.map((photo, i) => {
    if (!asked[i]) return undefined;
    const { caption, logProbability, words } = found.greedy.get(photo)!;
    return {
      greedy: { caption, logProbability, words },
      nearest: likenesses?.[i].nearest ?? null,
      timesInTraining: training?.timesOf(found.captions[i].words.map(({ word }) => word)) ?? null,
      novelty: likenesses?.[i].novelty ?? null,
    };
  });
}
