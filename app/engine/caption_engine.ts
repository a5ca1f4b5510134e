import type { Caption, Captions, WordRegions } from "../../lib/captioner/mod.ts";
import type { HistoryLine } from "../../lib/training/mod.ts";
import type { Evaluation } from "../../lib/run/mod.ts";

/** Where a model looked for each word of a photo's caption. */
export interface PhotoRegions extends WordRegions {
  /** Whether they are those of the whole photo, or of its central square. */
  fit: "stretch" | "crop";
}

/** A step on the way from a file to a caption. */
export type Step = "reading" | "features" | "words";

/** A run that is loaded, as a card on the page tells it. */
export interface ModelCard {
  /** Its name, by which requests choose it. */
  name: string;
  /** The config's sentence on it. */
  description: string;
  /** When its training ended, ISO 8601. */
  date: string;
  /** Kind of the data set it was trained on, such as `shapes`; `unknown` of an imported run. */
  dataset: string;
  /** Train photos; undefined where a run does not tell (imported ones). */
  trainPhotos?: number;
  /** Kind of its encoder, such as `mobilenet_v2`. */
  encoder: string;
  /** Kind of its decoder, such as `merge`. */
  decoder: string;
  /** Numbers that training learned. */
  parameters: number;
  /** Words that it may say. */
  vocabulary: number;
  /** How it decodes unless a request says otherwise. */
  decoding: { beam: number; lengthNormalisation: number; maxLength: number };
  /** Its evaluations by `<data set>-<split>`, those of test photos first. */
  evaluations: Record<string, Evaluation>;
  /** Figures of its epochs; none for imported runs. */
  history: HistoryLine[];
  /** A plain sentence for each weakness that is known, such as that it knows drawn shapes alone. */
  weaknesses: string[];
  /** Whether it can say what is like training: the run's features and captions are still there. */
  knowsTraining: boolean;
  /** Names of dev photos that may be shown as examples; none where their files are gone. */
  devPhotos: string[];
}

/** How one photo is captioned. */
export interface PhotoRequest {
  /** The file: JPEG, PNG, WebP, AVIF, GIF or TIFF. */
  bytes: Uint8Array;
  /** Whether greedy words are wanted one by one, as they are decoded. */
  streams: boolean;
  /** Whether the greedy caption, the nearest training captions and the novelty are wanted. */
  details: boolean;
}

/** What photos of one batch have in common. */
export interface BatchOptions {
  /** Name of the run. */
  model: string;
  /** Captions kept at every word; 1 is greedy. */
  beam: number;
  /** Captions are compared by log probability / length to this power. */
  lengthNormalisation: number;
}

/** What is told of a photo while its batch is worked on. */
export type PhotoEvent =
  /** A step ended. */
  | { type: "step"; step: Step; milliseconds: number }
  /** The next word of the greedy caption. */
  | { type: "word"; word: string; probability: number };

/** A training photo that is like the one asked about. */
export interface Neighbour {
  /** Cosine similarity of the features, -1 to 1. */
  similarity: number;
  /** The captions that people wrote for it. */
  captions: string[];
}

/** What is known of a photo beside its captions. */
export interface PhotoDetails {
  /** The caption of the likeliest word after word. */
  greedy: Caption;
  /** The nearest training photos, nearest first; null where training's features are gone. */
  nearest: Neighbour[] | null;
  /** How often the caption stands word for word among the training captions; null as above. */
  timesInTraining: number | null;
  /**
   * How unlike all train photos this one is: the share of dev photos whose nearest train photo is
   * nearer, 0 to 1; 0.99 and above is unlike anything that training saw. Null as above.
   */
  novelty: number | null;
}

/** The answer for one photo. */
export type PhotoAnswer = Captions & {
  /** Milliseconds that each step took for the photo's batch. */
  steps: Record<Step, number>;
  /** Only where asked for. */
  details?: PhotoDetails;
};

/** The answer, or one sentence why there is none. */
export type PhotoOutcome = { answer: PhotoAnswer } | { error: string };

/** Runs loaded once, behind a thread of its own: it never keeps the caller waiting. */
export interface CaptionEngine {
  /** The runs, the default one first. */
  readonly models: readonly ModelCard[];
  /** Resolves with the reason if the thread fails: nothing is answered from then on. */
  readonly failed: Promise<Error>;
  /**
   * Captions of one batch of photos. Several batches may be under way: photos of the next are read
   * while one is captioned.
   *
   * @param signals one a photo: work for it ends at the next step once it is aborted
   * @param onEvent called with the position of a photo in the batch
   * @throws {RangeError} if there is no such model
   */
  captionBatch(
    photos: readonly PhotoRequest[],
    options: BatchOptions,
    signals: readonly AbortSignal[],
    onEvent: (photo: number, event: PhotoEvent) => void,
  ): Promise<PhotoOutcome[]>;
  /**
   * Where the model looked for each word of a caption of the photo.
   *
   * @throws {RangeError} if there is no such model, or a word that it cannot say
   * @throws {UnreadablePhotoError} if the photo cannot be read
   */
  wordRegions(
    photo: Uint8Array,
    words: readonly string[],
    model: string,
    signal: AbortSignal,
  ): Promise<PhotoRegions>;
  /** A photo drawn as those of the shapes data set are, as PNG; the same for the same seed. */
  drawShapes(seed: number): Promise<Uint8Array>;
  /** A dev photo of the model's data set, by a name of its card; undefined if there is none. */
  devPhoto(model: string, name: string): Promise<Uint8Array | undefined>;
  /** Ends the thread; what is not answered by then is rejected. */
  dispose(): Promise<void>;
}
