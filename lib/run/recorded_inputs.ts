import type { Config } from "../config/mod.ts";

/** What a training starts from; equal inputs give the same weights. */
export interface TrainingInputs {
  /** Digest of captions.parquet. */
  captions: string;
  /** Digest of the run's tokenizer. */
  tokenizer: string;
  /** What decides the features' values. */
  encoderKey: string;
  /** The config's part. */
  model: Config["model"];
  /** The config's part. */
  training: Config["training"];
  /** Digest of the weights that it starts from, where they are another run's. */
  startsFrom?: string;
  /** SHA-256 of the file of word vectors, where there is one. */
  wordVectors?: string;
  /** How the last layers of the encoder are trained, where they are. */
  fineTune?: { after: string; layer: string; learningRate: number };
}

/**
 * Settings of training that came later, with what runs had before them: those have the same digests
 * as if these could not be set.
 */
const BEFORE: Record<string, unknown> = {
  "training.arithmetic": "float32",
  "training.labelSmoothing": 0,
  "training.flipPhotos": false,
  "training.photosTogether": false,
};

/** Whether a setting is what all runs had before it could be set. @param key dotted */
export function isAsBefore(key: string, value: unknown): boolean {
  return Object.hasOwn(BEFORE, key) && BEFORE[key] === value;
}

/** Inputs without the number of epochs, which may grow, and without what is as in runs before. */
export function withoutEpochs({ training, ...inputs }: TrainingInputs): unknown {
  const { epochs: _, ...others } = training;
  const decisive = Object.entries(others).filter(([key, value]) =>
    !isAsBefore(`training.${key}`, value)
  );
  return { ...inputs, training: Object.fromEntries(decisive) };
}
