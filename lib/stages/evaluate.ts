import { openFeatures } from "../features/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { openCaptioner } from "./caption.ts";
import { captionAndScore, type Evaluated } from "./caption_and_score.ts";
import { collapsedCaptions } from "./collapse_warnings.ts";
import { evaluationOn, type EvaluationParts } from "./evaluation_inputs.ts";
import type { Experiment } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import { referencePerplexity } from "./reference_perplexity.ts";
import { unseenPhotos } from "./unseen_photos.ts";

/**
 * Stage 5: best checkpoint → captions and scores of photos that training never saw.
 *
 * @param experiment its config may differ from the run's in data set, decoding and evaluation
 * @throws {NoUnseenPhotosError} if there is no such photo
 */
export async function evaluate(
  experiment: Experiment,
  parts: EvaluationParts & { features: CachedFeatures },
): Promise<Evaluated> {
  const { config, say } = experiment;
  const { run, prepared, features } = parts;
  freeMemory(); // what training left
  const reader = await openFeatures(features.folder, features);
  const captions = [...await prepared.captions("dev"), ...await prepared.captions("test")]
    .filter((row) => reader.has(row.digest));
  const { split, rows } = await unseenPhotos(captions, config.evaluation.split, run, say);
  const { place, inputs } = await evaluationOn(split, experiment, parts);
  const { path } = place;
  if (await place.isDone(inputs, say)) {
    for (const figure of await place.drawFigures()) say(`${figure} is drawn again`);
    say(`The evaluation is done: ${path}`);
    const collapsed = collapsedCaptions(await place.readPhotos());
    if (collapsed !== undefined) say(collapsed);
    return { path, evaluation: await place.read() };
  }
  freeMemory();
  const engine = await experiment.engine();
  const trained = await run.readConfig();
  const opened = await openCaptioner(run, { engine, config: trained, say });
  const { captioner } = opened;
  try {
    if (captioner.decodingCost !== undefined) say(captioner.decodingCost);
    return await captionAndScore(
      experiment,
      { captioner, features: reader, prepared, text: trained.text, split, rows, place, inputs },
      async () => ({
        perplexity: await referencePerplexity(
          { run, config: trained, features: reader, engine, signal: experiment.signal },
          rows,
        ),
      }),
    );
  } finally {
    await opened.dispose();
  }
}
