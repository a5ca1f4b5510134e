import { Run, type TrainingInputs } from "../run/mod.ts";
import { digestFile } from "../storage/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { type Located, writtenConfig } from "./experiment.ts";
import { tunedCut } from "./tuned_layers.ts";
import type { PreparedData } from "./prepared_data.ts";

/** Results of the stages before training. */
export interface TrainingParts {
  /** Of stage 1. */
  prepared: PreparedData;
  /** Of stage 2. */
  features: CachedFeatures;
  /** Of stage 3: the run with its tokenizer. */
  run: Run;
}

/** What the training of a run starts from. */
export async function trainingInputs(
  experiment: Located,
  { prepared, features, run }: Omit<TrainingParts, "features"> & {
    features: Pick<CachedFeatures, "key">;
  },
): Promise<TrainingInputs> {
  const { model, training } = writtenConfig(experiment);
  const { encoder, training: { from, wordVectors } } = experiment.config;
  const tuned = tunedCut(encoder);
  return {
    captions: await prepared.digest,
    tokenizer: await run.tokenizerDigest(),
    encoderKey: features.key,
    model,
    training,
    ...from === undefined ? {} : { startsFrom: await new Run(from).bestDigest() },
    ...tuned === undefined ? {} : {
      fineTune: { after: tuned.after, layer: tuned.layer, learningRate: tuned.learningRate },
    },
    ...wordVectors === undefined ? {} : { wordVectors: await digestFile(wordVectors) },
  };
}
