import { datasetSources } from "./registry.ts";
import { checkRejections } from "./rejections.ts";
import type { DatasetSettings } from "./settings.ts";
import { shufflePhotos } from "./shuffle_photos.ts";
import type { DatasetSource, OpenDataset, PrepareContext } from "./dataset_source.ts";

/**
 * Opens a data set with the source that its `kind` names. Its files are read now, its photos once, on
 * the first request for its fingerprint or its table.
 *
 * @throws {Error} in one sentence, if the settings lead to no captions; preparing throws if too many
 *   rows were rejected
 */
export async function openDataset(
  settings: DatasetSettings,
  context: PrepareContext,
): Promise<OpenDataset> {
  const opened = await sourceOf(settings).open(settings, context);
  return {
    fingerprint: () => opened.fingerprint(),
    redraw: opened.redraw?.bind(opened),

    async prepare() {
      const prepared = await opened.prepare();
      checkRejections(prepared.rejected, prepared.rows, settings.maxRejected);
      if (!settings.shufflePhotos) return prepared;
      context.say?.("Control experiment: each train photo has the captions of another train photo");
      return { ...prepared, captions: shufflePhotos(prepared.captions, settings.seed) };
    },
  };
}

function sourceOf(settings: DatasetSettings): DatasetSource {
  const source = datasetSources.find(({ settings: schema }) =>
    schema.shape.kind.value === settings.kind
  );
  if (source === undefined) throw new RangeError(`There is no data set of kind ${settings.kind}`);
  return source as unknown as DatasetSource;
}
