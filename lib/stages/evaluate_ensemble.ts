import { basename } from "node:path";
import { type FeatureReader, openFeatures } from "../features/mod.ts";
import type { RunEnsemble } from "../run/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { captionAndScore, type Evaluated } from "./caption_and_score.ts";
import { datasetFolder, type Experiment } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import type { PreparedData } from "./prepared_data.ts";
import { readEnsemble } from "./read_ensemble.ts";
import { documentsDigest } from "./scoring_documents.ts";
import { sideBySide } from "./side_by_side.ts";
import { unseenPhotos } from "./unseen_photos.ts";

/** What an ensemble is evaluated on. */
export interface EnsembleParts {
  /** Of stage 1. */
  prepared: PreparedData;
  /** Of stage 2, by each run's own encoder. */
  features: readonly CachedFeatures[];
}

/**
 * Stage 5 of several runs: captions by the mean of their next-word probabilities, and scores, of
 * photos that none of them saw in training. Records of single runs stay as they are.
 *
 * @throws {NoUnseenPhotosError} if there is no such photo
 * @throws {RangeError} naming two runs whose words are not the same
 */
export async function evaluateEnsemble(
  experiment: Experiment,
  ensemble: RunEnsemble,
  { prepared, features }: EnsembleParts,
): Promise<Evaluated> {
  const { config, say } = experiment;
  freeMemory();
  const folders = [...new Set(features.map(({ folder }) => folder))];
  const readers: FeatureReader[] = [];
  for (const folder of folders) {
    const cached = features.find((features) => features.folder === folder)!;
    readers.push(await openFeatures(folder, cached));
  }
  let rows = [...await prepared.captions("dev"), ...await prepared.captions("test")]
    .filter(({ digest }) => readers.every((reader) => reader.has(digest)));
  let { split } = config.evaluation;
  for (const run of ensemble.runs) ({ split, rows } = await unseenPhotos(rows, split, run, say));
  const trained = await ensemble.runs[0].readConfig();
  const isOwn = datasetFolder({ config: trained, data: experiment.data }) === prepared.folder;
  const place = ensemble.evaluation(
    `${isOwn ? config.dataset.kind : basename(prepared.folder)}-${split}`,
  );
  const documents = await documentsDigest(config.evaluation);
  const inputs = {
    checkpoint: await ensemble.checkpoint(),
    captions: await prepared.digest,
    features: features.map(({ key }) => key),
    decoding: config.decoding,
    evaluation: config.evaluation,
    ...documents === undefined ? {} : { documents },
  };
  const { path } = place;
  if (await place.isDone(inputs, say)) {
    say(`The evaluation is done: ${path}`);
    return { path, evaluation: await place.read() };
  }
  const captioner = await readEnsemble(ensemble, {
    engine: await experiment.engine(),
    decoding: config.decoding,
    inputs: features.map(({ folder }) => folders.indexOf(folder)),
    say,
  });
  try {
    const gather = (digests: readonly string[]) =>
      sideBySide(
        readers.map((reader) => reader.gather(digests)),
        digests.length,
      ) as Float32Array<ArrayBuffer>;
    const { text } = trained;
    return await captionAndScore(
      experiment,
      { captioner, features: { gather }, prepared, text, split, rows, place, inputs },
      async () => ({ runs: await ensemble.members() }),
    );
  } finally {
    captioner.dispose();
  }
}
