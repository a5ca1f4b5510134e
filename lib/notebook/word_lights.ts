import type { Light } from "../images/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { EvaluatedPhoto } from "../run/mod.ts";
import { openCaptioner } from "../stages/mod.ts";
import type { EvaluatedRun } from "./evaluated_runs.ts";

/** Where a decoder looked for a word. */
export interface WordLight extends Light {
  /** The word. */
  word: string;
}

/**
 * Where a run's decoder looked in a photo for each word of its caption, by its attention.
 *
 * @param photo what the run said of it
 * @param path of the photo
 * @returns undefined where the decoder looks at no grid of regions
 */
export async function wordLights(
  { run, config }: Pick<EvaluatedRun, "run" | "config">,
  { words }: Pick<EvaluatedPhoto, "words">,
  path: string,
  engine: Engine,
): Promise<WordLight[] | undefined> {
  const { featureShape } = await run.readTraining();
  if (featureShape.length !== 3 || words.length === 0) return undefined;
  const [rows, columns] = featureShape;
  const { fit } = { fit: undefined, ...config.encoder };
  const opened = await openCaptioner(run, { engine, config });
  try {
    const feature = await opened.featuresOf([path]);
    const said = words.map(({ word }) => word);
    const { attention } = await opened.captioner.readCaption(feature, 1, said);
    return attention?.[0].map((shares, i) => ({ word: said[i], rows, columns, shares, fit }));
  } finally {
    await opened.dispose();
  }
}
