import { basename } from "node:path";
import type { EvaluationInputs, Run, RunEvaluation } from "../run/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { datasetFolder, type Located } from "./experiment.ts";
import type { PreparedData } from "./prepared_data.ts";
import { documentsDigest } from "./scoring_documents.ts";

/** What is evaluated, and on what. */
export interface EvaluationParts {
  /** The trained run. */
  run: Run;
  /** Of stage 1. */
  prepared: PreparedData;
  /** Of stage 2, by the run's own encoder. */
  features: Pick<CachedFeatures, "key">;
}

/** A run's evaluation on a split, and all that its scores depend on. */
export async function evaluationOn(
  split: string,
  experiment: Located,
  { run, prepared, features }: EvaluationParts,
): Promise<{ place: RunEvaluation; inputs: EvaluationInputs }> {
  const { config, data } = experiment;
  // Another data set than the run's own has its digest in the name, and overwrites nothing.
  const own = datasetFolder({ config: await run.readConfig(), data }) === prepared.folder;
  const name = own ? config.dataset.kind : basename(prepared.folder);
  const documents = await documentsDigest(config.evaluation);
  const inputs = {
    checkpoint: await run.bestDigest(),
    captions: await prepared.digest,
    features: features.key,
    decoding: config.decoding,
    evaluation: config.evaluation,
    ...documents === undefined ? {} : { documents },
  };
  return { place: run.evaluation(`${name}-${split}`), inputs };
}
