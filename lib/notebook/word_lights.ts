import { gridOf } from "../captioner/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { Light } from "../images/mod.ts";
import { openCaptioner } from "../stages/mod.ts";
import type { EvaluatedRun } from "./evaluated_runs.ts";

/** Where a decoder looked for a word. */
export interface WordLight extends Light {
  /** The word. */
  word: string;
}

/** What a run said of a photo. */
export interface SaidOfPhoto {
  /** Path of the photo. */
  path: string;
  /** The words of the caption, as they stand in the vocabulary. */
  words: readonly { word: string }[];
}

/**
 * Where a run's decoder looked in photos for each word of their captions, by its attention. A caption
 * without words has none.
 *
 * @returns by photo and word; undefined where the decoder looks at no grid of regions
 */
export async function wordLights(
  { run, config }: Pick<EvaluatedRun, "run" | "config">,
  photos: readonly SaidOfPhoto[],
  engine: Engine,
): Promise<WordLight[][] | undefined> {
  const { featureShape } = await run.readTraining();
  if (featureShape.length !== 3) return undefined;
  const { fit } = { fit: undefined, ...config.encoder };
  const opened = await openCaptioner(run, { engine, config });
  try {
    const found: WordLight[][] = [];
    for (const { path, words } of photos) {
      const said = words.map(({ word }) => word);
      const feature = await opened.featuresOf([path]);
      const attention = said.length === 0
        ? [[]]
        : (await opened.captioner.readCaption(feature, 1, said)).attention;
      if (attention === undefined) return undefined;
      found.push(attention[0].map((shares, i) => {
        const [rows, columns] = gridOf(featureShape, shares.length);
        return { word: said[i], rows, columns, shares, fit };
      }));
    }
    return found;
  } finally {
    await opened.dispose();
  }
}
