import type {
  BatchOptions,
  CaptionEngine,
  ModelCard,
  PhotoAnswer,
  PhotoEvent,
  PhotoOutcome,
  PhotoRegions,
  PhotoRequest,
} from "../../app/engine/caption_engine.ts";
import type { Caption } from "../../lib/captioner/mod.ts";

/** A PNG of 1 × 1 pixels. */
export const TINY_PNG: Uint8Array<ArrayBuffer> = Uint8Array.from(
  atob(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  ),
  (letter) => letter.charCodeAt(0),
);

/** What a made engine does otherwise. */
export interface MadeEngineOptions {
  /**
   * Loaded runs.
   *
   * @default {one of drawn shapes, named "shapes", and one of photos, named "photos"}
   */
  models?: ModelCard[];
  /**
   * Called before each step of a batch, and before each word: what waits here, the engine waits for.
   *
   * @default {it never waits}
   */
  pause?: (step: "reading" | "features" | "words" | "word") => Promise<void> | void;
  /** Bytes of dev photos. @default {a PNG of 1 × 1 pixels} */
  devPhoto?: Uint8Array;
}

/** What the made engine was asked for. */
export interface AskedBatch {
  options: BatchOptions;
  photos: readonly PhotoRequest[];
}

/** A card of a made run. */
export function madeCard(name: string, changes: Partial<ModelCard> = {}): ModelCard {
  return {
    name,
    description: `A made run called ${name}.`,
    date: "2026-01-02T03:04:05.000Z",
    dataset: "shapes",
    trainPhotos: 1500,
    encoder: "shapes_cnn",
    decoder: "merge",
    parameters: 123_456,
    vocabulary: 42,
    decoding: { beam: 3, lengthNormalisation: 0, maxLength: 20 },
    evaluations: {
      "shapes-test": {
        split: "test",
        photos: 100,
        signature: "made",
        captionsPerSecond: 50,
        scores: { "bleu-1": 0.9, "bleu-4": 0.7 },
      },
    },
    history: [],
    weaknesses: ["It knows drawn shapes alone."],
    knowsTraining: true,
    devPhotos: [],
    ...changes,
  };
}

/**
 * An engine that answers by rule: a photo of n bytes is captioned "a photo of n bytes". Bytes that
 * are the text `broken` cannot be read.
 */
export class MadeEngine implements CaptionEngine {
  readonly models: readonly ModelCard[];
  readonly failed: Promise<Error> = new Promise(() => {});
  /** All batches that it was asked for, in order. */
  readonly batches: AskedBatch[] = [];
  /** Photos whose words were computed. */
  answered = 0;
  /** How often regions were asked for. */
  regions = 0;
  isDisposed = false;
  readonly #options: MadeEngineOptions;

  constructor(options: MadeEngineOptions = {}) {
    this.#options = options;
    this.models = options.models ?? [
      madeCard("shapes"),
      madeCard("photos", {
        dataset: "flickr8k",
        encoder: "mobilenet_v2",
        weaknesses: [],
        devPhotos: ["one.jpg", "two.jpg"],
      }),
    ];
  }

  async captionBatch(
    photos: readonly PhotoRequest[],
    options: BatchOptions,
    signals: readonly AbortSignal[],
    onEvent: (photo: number, event: PhotoEvent) => void,
  ): Promise<PhotoOutcome[]> {
    if (!this.models.some(({ name }) => name === options.model)) {
      throw new RangeError(`no model "${options.model}"`);
    }
    this.batches.push({ options, photos });
    for (const step of ["reading", "features"] as const) {
      await this.#options.pause?.(step);
      photos.forEach((_, i) => onEvent(i, { type: "step", step, milliseconds: 1 }));
    }
    await this.#options.pause?.("words");
    return await Promise.all(photos.map(async (photo, i) => {
      if (new TextDecoder().decode(photo.bytes.subarray(0, 6)) === "broken") {
        return { error: "It is not a photo in a supported format." };
      }
      const greedy = captionOf(photo.bytes);
      for (const word of photo.streams ? greedy.words : []) {
        await this.#options.pause?.("word");
        if (signals[i].aborted) return { error: "It was cancelled." };
        onEvent(i, { type: "word", ...word });
      }
      if (signals[i].aborted) return { error: "It was cancelled." };
      onEvent(i, { type: "step", step: "words", milliseconds: 1 });
      this.answered++;
      return { answer: answerOf(photo, options, greedy) };
    }));
  }

  async wordRegions(
    _photo: Uint8Array,
    words: readonly string[],
    _model: string,
    signal: AbortSignal,
  ): Promise<PhotoRegions> {
    await this.#options.pause?.("words");
    signal.throwIfAborted();
    this.regions++;
    return {
      kind: "occlusion",
      fit: "stretch",
      rows: 7,
      columns: 7,
      words: words.map((word, i) => ({
        word,
        regions: Array.from({ length: 49 }, (_, region) => region % (i + 7) === 0 ? 1 : 0.1),
      })),
    };
  }

  drawShapes(_seed: number): Promise<Uint8Array> {
    return Promise.resolve(TINY_PNG);
  }

  devPhoto(model: string, name: string): Promise<Uint8Array | undefined> {
    const card = this.models.find((card) => card.name === model);
    const known = card?.devPhotos.includes(name) ?? false;
    return Promise.resolve(known ? this.#options.devPhoto ?? TINY_PNG : undefined);
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

function captionOf(bytes: Uint8Array): Caption {
  const caption = `a photo of ${bytes.length} bytes`;
  const words = caption.split(" ").map((word, i) => ({ word, probability: 0.9 - i / 10 }));
  const logProbability = words.reduce((sum, { probability }) => sum + Math.log(probability), 0);
  return { caption, logProbability, words };
}

function answerOf(photo: PhotoRequest, { beam }: BatchOptions, greedy: Caption): PhotoAnswer {
  return {
    ...greedy,
    alternatives: Array.from({ length: beam - 1 }, (_, i) => ({
      caption: `the photo of ${photo.bytes.length + i + 1} bytes`,
      logProbability: greedy.logProbability - i - 1,
    })),
    steps: { reading: 1, features: 1, words: 1 },
    ...photo.details && {
      details: {
        greedy,
        nearest: [{ similarity: 0.8, captions: ["a photo of another", "another photo"] }],
        timesInTraining: 0,
        novelty: photo.bytes.length < 100 ? 0.995 : 0.4,
      },
    },
  };
}
