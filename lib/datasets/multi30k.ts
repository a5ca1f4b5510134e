import { z } from "zod";
import { digestFile } from "../storage/mod.ts";
import { captionsSource } from "./captions_source.ts";
import type { FoundCaption } from "./found_dataset.ts";
import { captionsSettings, sourceFolder } from "./captions_settings.ts";
import { findCaptionsFiles, readCaptionsFile } from "./multi30k/captions_files.ts";
import { byFlickrId } from "./multi30k/photo_ids.ts";
import { listPhotoTree } from "./photo_folder.ts";
import { type RejectedRow, sharedSettings } from "./dataset_source.ts";
import { openSourceFolder } from "./source_folder.ts";
import { splitByOwn } from "./splits.ts";

const settings = z.strictObject({
  kind: z.literal("multi30k").describe(
    "Multi30k: captions of Flickr30k's photos in four languages",
  ),
  source: sourceFolder(
    "multi30k",
    "val.1.de … val.5.de and val_images.txt (task 2), or train.de and train.txt (task 1), .gz too",
  ),
  language: z.string().regex(/^[a-z]{2,3}$/, "must be a language such as de").default("de")
    .describe("language of the captions: en, de, and in task 1 fr and cs"),
  ...captionsSettings,
  // Multi30k comes without photos: users have those of Flickr8k, or some of Flickr30k.
  maxRejected: sharedSettings.maxRejected.unwrap().default(0.99).describe(
    "most rows that may be rejected, as in other data sets; nearly all of them, since Multi30k " +
      "comes without photos, and captions without their photo are rejected",
  ),
});

const PHOTO_FOLDERS = ["flickr30k-images", "flickr30k_images", "Images", "images", "."];

/**
 * Multi30k (Elliott, Frank, Sima'an and Specia, 2016): task 2, five captions of each photo written in
 * the language, or task 1, one translated caption of each.
 *
 * Its photos are named by Flickr's ids, and are found as `ID.jpg` or, as in Flickr8k,
 * `ID_SECRET.jpg`.
 */
export const multi30k = captionsSource({
  settings,

  async read(settings, context) {
    const source = await openSourceFolder(settings, context);
    const files = await findCaptionsFiles(source, settings.language);
    const photos = await listPhotoTree(source, settings.images, PHOTO_FOLDERS);
    const fileOf = byFlickrId(photos.files);
    const rows: (FoundCaption | RejectedRow)[] = [];
    const inputs: unknown[] = [];
    for (const file of files) {
      for await (const row of readCaptionsFile(file, fileOf)) rows.push(row);
      inputs.push([file.split, await digestFile(file.path), await digestFile(file.list)]);
    }
    return {
      path: files[0].path,
      photos,
      rows,
      splitPhotos: (photos, say, own) => splitByOwn(photos, own, settings, say),
      inputs,
      notes: [`Captions in ${settings.language}: ${files.map(({ name }) => name).join(", ")}`],
    };
  },
});
