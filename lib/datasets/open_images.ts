import { isAbsolute, join, relative, resolve, sep as SEPARATOR } from "node:path";
import { z } from "zod";
import { exists } from "../storage/mod.ts";
import { markersSetting } from "./caption_markers.ts";
import { captionsSource } from "./captions_source.ts";
import { downloadSettings } from "./downloads/fetch_archives.ts";
import { fetchPhotos } from "./open_images/fetch_photos.ts";
import { photoFile } from "./open_images/photo_files.ts";
import { refuseProtected } from "./downloads/protected_folders.ts";
import { readCaptions } from "./open_images/read_captions.ts";
import { bucketSettings, resizeSettings } from "./open_images/settings.ts";
import { allowedRejections } from "./rejections.ts";
import { type PrepareContext, sharedSettings } from "./dataset_source.ts";
import { openSourceFolder } from "./source_folder.ts";
import { ratioSettings, splitByRatio } from "./splits.ts";

const settings = z.strictObject({
  kind: z.literal("open_images").describe(
    "photos of Open Images, fetched, with the captions of Localized Narratives or any file of " +
      "image_id and caption",
  ),
  source: z.string().min(1).default("data/open_images").describe(
    "folder of the captions",
  ).meta({ path: "any" }),
  captions: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional().describe(
    "JSON lines, CSV or Parquet files with image_id and caption, relative to source; by default " +
      "all .jsonl, .csv and .parquet files there, sorted",
  ),
  maxPhotos: z.int().min(1).default(200_000).describe(
    "photos to choose: the first caption of each id, up to this many, whether or not the photos " +
      "can be fetched",
  ),
  images: z.string().min(1).optional().describe(
    "photo folder, relative to source; by default photos_320_q90 or the like, named after dataset.resize, " +
      "beside the captions where these lie under data/, otherwise in data/open_images; photos " +
      "already there are used as they are",
  ),
  resize: resizeSettings.prefault({}).describe(
    "shrink photos on arrival; false: store them as received (58.5 GB)",
  ),
  bucket: bucketSettings.prefault({}).describe("where photos are fetched from, and how"),
  split: ratioSettings.default({ train: 0.75, dev: 0.2, test: 0.05, order: "shuffled" }).describe(
    "shares of train, dev and test",
  ),
  downloads: downloadSettings.default([]).describe(
    "files to download first, into the folder downloads of source, where the captions are then " +
      "looked for; not if all files in dataset.captions exist",
  ),
  markers: markersSetting,
  ...sharedSettings,
});

type Settings = z.infer<typeof settings>;

/**
 * Open Images (Kuznetsova et al., 2020) with one caption a photo, from Localized Narratives
 * (Pont-Tuset et al., 2020) or elsewhere.
 */
export const openImages = captionsSource({
  settings,

  async read(settings, context) {
    const files = typeof settings.captions === "string" ? [settings.captions] : settings.captions;
    const source = resolve(settings.source);
    const folderOfCaptions = files !== undefined && await areKnown(files, settings)
      ? source
      : await openSourceFolder(settings, context);
    const found = await readCaptions(folderOfCaptions, files, settings.maxPhotos, context.signal);
    const folder = settings.images === undefined
      ? join(photosParent(source, dataFolder(context)), photosName(settings))
      : resolve(source, settings.images);
    await refuseProtected(folder, dataFolder(context), "dataset.images");
    const ids = new Map<string, string>();
    for (const row of found.rows) if ("id" in row) ids.set(photoFile(row.id), row.id);
    return {
      path: found.path,
      photos: { path: folder, files: [...ids.keys()] },
      rows: found.rows.map((row) =>
        "id" in row ? { row: row.row, photo: photoFile(row.id), caption: row.caption } : row
      ),
      splitPhotos: (photos) =>
        splitByRatio(photos, { ...settings.split, seed: settings.split.seed ?? settings.seed }),
      fetchPhotos: async (photos) => {
        const chosen = photos.map((photo) => ids.get(photo)!);
        const allowed = allowedRejections(found.rows.length, settings.maxRejected);
        const fates = await fetchPhotos(chosen, folder, { ...settings, allowed }, context);
        return new Map(photos.map((photo) => [photo, fates.get(ids.get(photo)!)!]));
      },
      inputs: { captions: found.digest },
      notes: found.repeated === 0 ? [] : [
        `${
          found.repeated.toLocaleString("en")
        } rows skipped, as their photos already had a caption`,
      ],
    };
  },
});

/** Whether the captions files exist, or must, so that the source folder itself may be missing. */
async function areKnown(files: string[], { source, downloads }: Settings): Promise<boolean> {
  if (downloads.length === 0) return files.every((file) => isAbsolute(file));
  const paths = files.map((file) => resolve(source, file));
  return !(await Promise.all(paths.map(exists))).includes(false);
}

/** Beside the captions under `data/`, the only folder that tasks may write to; otherwise in it. */
function photosParent(source: string, data: string): string {
  const isInside = !relative(data, source).split(SEPARATOR)[0].startsWith("..");
  return isInside ? source : join(data, "open_images");
}

function photosName({ resize }: Settings): string {
  return resize === false ? "photos" : `photos_${resize.shorterSide}_q${resize.quality}`;
}

/** `data/`, of which the data set's folder is in `data/datasets/`. */
function dataFolder({ folder }: PrepareContext): string {
  return resolve(folder, "..", "..");
}
