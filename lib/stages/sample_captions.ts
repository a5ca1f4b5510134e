import { join } from "node:path";
import { captionsByPhoto } from "../datasets/mod.ts";
import { openFeatures } from "../features/mod.ts";
import { openCaptioner } from "./caption.ts";
import type { Experiment } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import type { TrainingParts } from "./training_inputs.ts";

/** A photo of the dev split with the caption that a run gives it. */
export interface SampleCaption {
  /** The photo's path. */
  photo: string;
  /** What the run says. */
  caption: string;
  /** What people wrote of it, in the order of the data set. */
  references: string[];
}

/**
 * Captions of a few dev photos, spread over the split: what a run has learned can be read, and the
 * test photos stay unseen.
 *
 * @param count fewer are returned where the split has fewer photos
 */
export async function sampleCaptions(
  experiment: Experiment,
  { run, prepared, features }: TrainingParts,
  count = 3,
): Promise<SampleCaption[]> {
  const reader = await openFeatures(features.folder, features);
  const rows = (await prepared.captions("dev")).filter(({ digest }) => reader.has(digest));
  const photos = [...captionsByPhoto(rows).values()];
  if (photos.length === 0) return [];
  const step = Math.max(1, Math.floor(photos.length / count));
  const chosen = photos.filter((_, i) => i % step === 0).slice(0, count);
  freeMemory();
  const opened = await openCaptioner(run, {
    engine: await experiment.engine(),
    config: await run.readConfig(),
  });
  try {
    const captions = await opened.captioner.captionFeatures(
      reader.gather(chosen.map(([{ digest }]) => digest)),
      chosen.length,
      experiment.config.decoding,
      experiment,
    );
    return chosen.map((rows, i) => ({
      photo: join(prepared.photoFolder, rows[0].photo),
      caption: captions[i].caption,
      references: rows.map(({ caption }) => caption),
    }));
  } finally {
    await opened.dispose();
  }
}
