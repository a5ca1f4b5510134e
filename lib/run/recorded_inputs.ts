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
}

/**
 * Inputs without the number of epochs, which may grow, and without an arithmetic of float32, which
 * runs had before it could be set.
 */
export function withoutEpochs({ training, ...inputs }: TrainingInputs): unknown {
  const { epochs: _, arithmetic, ...others } = training;
  const decisive = arithmetic === "float32" ? others : { ...others, arithmetic };
  return { ...inputs, training: decisive };
}
