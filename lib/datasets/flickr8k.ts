import { z } from "zod";
import type { Listener } from "../progress/mod.ts";
import { captionsSource } from "./captions_source.ts";
import type { FoundCaption } from "./found_dataset.ts";
import { captionsSettings, sourceFolder } from "./captions_settings.ts";
import { readCaptionsFile } from "./flickr8k/captions_file.ts";
import { findSplitLists, readSplitLists } from "./flickr8k/split_lists.ts";
import { listPhotoTree } from "./photo_folder.ts";
import { photoNameTest } from "./photo_names/match_photos.ts";
import type { Split } from "./dataset_source.ts";
import { openSourceFolder } from "./source_folder.ts";
import {
  asksForOwn,
  OBEYS_OWN,
  splitByLists,
  splitByRatio,
  type SplitList,
  splitSettings,
  USUAL_RATIO,
} from "./splits.ts";

const settings = z.strictObject({
  kind: z.literal("flickr8k").describe("Flickr8k, or photos and captions laid out like it"),
  source: sourceFolder(
    "flickr8k",
    "captions.txt or Flickr8k.token.txt, the photo folder, and lists if there are any",
  ),
  ...captionsSettings,
  images: z.string().min(1).optional().describe(
    "photo folder, relative to source or to the current folder; by default Images or " +
      "Flicker8k_Dataset",
  ),
  split: splitSettings("lists").default("auto").describe(
    '"lists": the official lists; shares of train, dev and test; "auto": the lists where there ' +
      "are any, otherwise 90, 5 and 5 % of the photos, shuffled",
  ),
});

/** Kaggle's name, the original one, and the original one spelled right. */
const PHOTO_FOLDERS = ["Images", "Flicker8k_Dataset", "Flickr8k_Dataset"];

/**
 * Flickr8k (Hodosh, Young and Hockenmaier, 2013) in Kaggle's layout or the original one, or any
 * photos and captions laid out like that.
 */
export const flickr8k = captionsSource({
  settings,

  async read(settings, context) {
    const source = await openSourceFolder(settings, context);
    const photos = await listPhotoTree(source, settings.images, PHOTO_FOLDERS);
    const { path, rows, digest } = await readCaptionsFile(source, photoNameTest(photos));
    const isOwn = asksForOwn(settings.split);
    const lists = isOwn ? await readSplitLists(source) : [];
    const unread = isOwn ? undefined : (await findSplitLists(source))[0];
    if (settings.split === "lists" && lists.length === 0) {
      throw new Error(
        `There is no Flickr_8k.trainImages.txt in ${source}: put the lists there, or set ` +
          'dataset.split to "auto" or to shares of train, dev and test',
      );
    }
    return {
      path,
      photos,
      rows,
      refuse: refuseBrokenPhoto,
      splitPhotos: (photos, say) => splitPhotos(photos, settings, lists, say),
      inputs: {
        captions: digest,
        lists: lists.map(({ split, photos }) => [split, [...photos]]),
      },
      notes: unread === undefined ? [] : [
        `${unread.path}: the lists of the official split are not read, as dataset.split has shares; ` +
        OBEYS_OWN,
      ],
    };
  },
});

/** An image that has captions in the original set, but no photo. */
const BROKEN_PHOTO = "2258277193_586949ec62.jpg.1";

function refuseBrokenPhoto({ photo }: FoundCaption): string | undefined {
  if (photo === BROKEN_PHOTO) return "known broken id, a photo that Flickr8k never had";
}

function splitPhotos(
  photos: string[],
  { split, seed }: z.infer<typeof settings>,
  lists: SplitList[],
  say: Required<Listener>["say"],
): Map<string, Split> {
  if (typeof split !== "string" && lists.length === 0) {
    return splitByRatio(photos, { ...split, seed: split.seed ?? seed });
  }
  if (lists.length === 0) {
    say("No split lists: 90 % of the photos for train, 5 % for dev, 5 % for test, shuffled");
    return splitByRatio(photos, { ...USUAL_RATIO, seed });
  }
  return splitByLists(photos, lists, say);
}
