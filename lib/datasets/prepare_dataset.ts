import { Random } from "../random/mod.ts";
import { datasetSources } from "./registry.ts";
import { checkRejections } from "./rejections.ts";
import type { DatasetSettings } from "./settings.ts";
import type { CaptionRow, DatasetSource, PrepareContext, PreparedDataset } from "./source.ts";
import { captionsByPhoto } from "./statistics.ts";

/**
 * Brings a data set into one table, by the source that its `kind` names.
 *
 * @throws {Error} in one sentence, if there is nothing to be had or too much was rejected
 */
export async function prepareDataset(
  settings: DatasetSettings,
  context: PrepareContext,
): Promise<PreparedDataset> {
  const prepared = await sourceOf(settings).prepare(settings, context);
  checkRejections(prepared.rejected, prepared.rows, settings.maxRejected);
  if (!settings.shufflePhotos) return prepared;
  context.say?.("Control experiment: each train photo has the captions of another train photo");
  return { ...prepared, captions: shufflePhotos(prepared.captions, settings.seed) };
}

/**
 * A digest of all that preparing reads besides the settings, photos included: equal digests mean
 * that preparing again would change nothing.
 */
export async function fingerprintDataset(
  settings: DatasetSettings,
  context: PrepareContext,
): Promise<string> {
  return await sourceOf(settings).fingerprint(settings, context);
}

/**
 * Gives each train photo all captions of another train photo, in an order drawn from the seed;
 * other splits stay as they are.
 *
 * @throws {RangeError} if train has one photo only
 */
export function shufflePhotos(captions: readonly CaptionRow[], seed: number): CaptionRow[] {
  const photos = [
    ...captionsByPhoto(captions.filter((row) => row.split === "train")).values(),
  ].map(([{ photo, digest }]) => ({ photo, digest }));
  if (photos.length === 1) {
    throw new RangeError("One train photo cannot be shuffled: use dataset.shufflePhotos=false");
  }
  const circle = new Random(seed, "shufflePhotos").shuffled(photos);
  const other = new Map(
    circle.map(({ photo }, index) => [photo, circle[(index + 1) % circle.length]]),
  );
  return captions.map((row) => row.split === "train" ? { ...row, ...other.get(row.photo)! } : row);
}

function sourceOf(settings: DatasetSettings): DatasetSource {
  const source = datasetSources.find(({ settings: schema }) =>
    schema.shape.kind.value === settings.kind
  );
  if (source === undefined) throw new RangeError(`There is no data set of kind ${settings.kind}`);
  return source as unknown as DatasetSource;
}
