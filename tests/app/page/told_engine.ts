import type {
  BatchOptions,
  CaptionEngine,
  ModelCard,
  PhotoAnswer,
  PhotoEvent,
  PhotoOutcome,
  PhotoRegions,
  PhotoRequest,
} from "../../../app/engine/caption_engine.ts";
import type { Caption } from "../../../lib/captioner/mod.ts";
import { drawScene, randomScenes } from "../../../lib/datasets/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { madeCard } from "../made_engine.ts";

/** Figures of epochs as a run has them. */
const history = Array.from({ length: 12 }, (_, epoch) => ({
  epoch,
  loss: 0.6 + 3 * Math.exp(-epoch / 3),
  val_loss: 0.8 + 2.8 * Math.exp(-epoch / 2.5) + (epoch > 8 ? 0.03 * (epoch - 8) : 0),
  learning_rate: epoch < 8 ? 1e-3 : 5e-4,
}));

/** One of photos, one of drawn shapes. */
export const toldModels: readonly ModelCard[] = [
  madeCard("flickr8k_mobilenet", {
    description: "MobileNetV2 features and a merge decoder, trained on Flickr8k's 6,000 photos.",
    dataset: "flickr8k",
    trainPhotos: 6000,
    encoder: "mobilenet_v2",
    parameters: 4_310_778,
    vocabulary: 7_371,
    history,
    evaluations: {
      "flickr8k-test": {
        split: "test",
        photos: 1000,
        signature: "bleu 1-4, no smoothing, lower case, beam 3",
        captionsPerSecond: 210,
        scores: { "bleu-1": 0.612, "bleu-2": 0.43, "bleu-3": 0.297, "bleu-4": 0.201 },
      },
    },
    weaknesses: [
      "It learned from photos of people and dogs; of other things it speaks in those words.",
    ],
  }),
  madeCard("shapes", {
    history: history.slice(0, 5),
    decoding: { beam: 1, lengthNormalisation: 0, maxLength: 12 },
  }),
];

const CAPTION: [string, number][] = [
  ["a", 0.83],
  ["brown", 0.44],
  ["dog", 0.93],
  ["runs", 0.52],
  ["through", 0.66],
  ["the", 0.97],
  ["grass", 0.27],
];

const GREEDY: [string, number][] = [...CAPTION.slice(0, 6), ["water", 0.31]];
const SHAPES: [string, number][] = [["a", 0.99], ["blue", 0.91], ["square", 0.88]];

/** An engine that tells the same of every photo, for the page's tests and pictures. */
export class ToldEngine implements CaptionEngine {
  readonly models = toldModels;
  readonly failed: Promise<Error> = new Promise(() => {});
  /** How it was asked for captions. */
  readonly batches: BatchOptions[] = [];
  /** Photos whose client left before the end. */
  left = 0;
  /** Milliseconds before each step and each word. */
  slow = 0;

  /** @inheritdoc */
  async captionBatch(
    photos: readonly PhotoRequest[],
    options: BatchOptions,
    signals: readonly AbortSignal[],
    onEvent: (photo: number, event: PhotoEvent) => void,
  ): Promise<PhotoOutcome[]> {
    this.batches.push(options);
    const isShapes = options.model === "shapes";
    for (const [step, milliseconds] of [["reading", 14], ["features", 92]] as const) {
      await this.#pause();
      photos.forEach((_, i) => onEvent(i, { type: "step", step, milliseconds }));
    }
    for (const [word, probability] of isShapes ? SHAPES : GREEDY) {
      await this.#pause();
      photos.forEach((_, i) =>
        signals[i].aborted || onEvent(i, { type: "word", word, probability })
      );
    }
    this.left += signals.filter(({ aborted }) => aborted).length;
    photos.forEach((_, i) => onEvent(i, { type: "step", step: "words", milliseconds: 63 }));
    return photos.map(() => ({ answer: isShapes ? shapesAnswer() : answer(options.beam) }));
  }

  /** @inheritdoc */
  wordRegions(_photo: Uint8Array, words: readonly string[]): Promise<PhotoRegions> {
    const regions = (word: number) =>
      Array.from({ length: 49 }, (_, i) => {
        const [x, y] = [i % 7 - word % 5 - 1, Math.floor(i / 7) - 3];
        return Math.exp(-(x * x + y * y) / 4);
      });
    return Promise.resolve({
      kind: "occlusion",
      fit: "stretch",
      rows: 7,
      columns: 7,
      words: words.map((word, i) => ({ word, regions: regions(i) })),
    });
  }

  /** @inheritdoc */
  async drawShapes(seed: number): Promise<Uint8Array> {
    const [scene] = randomScenes(1, new Random(seed, "told"));
    return await drawScene(scene, { size: 256 });
  }

  /** @inheritdoc */
  devPhoto(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** @inheritdoc */
  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.slow));
  }
}

function told(words: [string, number][], logProbability: number): Caption {
  return {
    caption: words.map(([word]) => word).join(" "),
    logProbability,
    words: words.map(([word, probability]) => ({ word, probability })),
  };
}

function answer(beam: number): PhotoAnswer {
  const greedy = told(GREEDY, -4.52);
  const others = [
    { caption: greedy.caption, logProbability: -4.52 },
    { caption: "a dog runs through the grass", logProbability: -4.93 },
    { caption: "a brown dog is running in a field", logProbability: -5.34 },
  ];
  return {
    ...(beam === 1 ? greedy : told(CAPTION, -4.31)),
    alternatives: others.slice(0, beam - 1),
    steps: { reading: 14, features: 92, words: 63 },
    details: {
      greedy,
      nearest: [
        {
          similarity: 0.87,
          captions: ["A brown dog is running through tall grass .", "A dog runs ."],
        },
        { similarity: 0.81, captions: ["The dog is playing in a field ."] },
      ],
      timesInTraining: 0,
      novelty: 0.42,
    },
  };
}

function shapesAnswer(): PhotoAnswer {
  return {
    ...told(SHAPES, -0.23),
    alternatives: [],
    steps: { reading: 6, features: 11, words: 8 },
    details: { greedy: told(SHAPES, -0.23), nearest: [], timesInTraining: 12, novelty: 0.995 },
  };
}
