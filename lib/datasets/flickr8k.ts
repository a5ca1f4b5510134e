import { resolve } from "node:path";
import { z } from "zod";
import { digestFile, digestJson } from "../storage/mod.ts";
import { type FoundCaption, readCaptionsFile } from "./flickr8k/captions_file.ts";
import { downloadSettings, fetchArchives } from "./flickr8k/fetch_archives.ts";
import { findPhoto, listPhotoFolder, type PhotoFolder } from "./flickr8k/photo_folder.ts";
import { readSplitLists, splitByLists, splitByRatio, splitSettings } from "./flickr8k/splits.ts";
import { digestPhotos } from "./photo_digests.ts";
import { describeRejections } from "./rejections.ts";
import {
  type CaptionRow,
  type DatasetSource,
  type PrepareContext,
  type RejectedRow,
  sharedSettings,
  type Split,
} from "./source.ts";

const settings = z.strictObject({
  kind: z.literal("flickr8k").describe("Flickr8k, or photos and captions laid out like it"),
  source: z.string().min(1).default("flickr8k").describe(
    "folder with captions.txt or Flickr8k.token.txt, the photo folder, and lists if there are any",
  ),
  images: z.string().min(1).optional().describe(
    "photo folder, relative to source; by default Images or Flicker8k_Dataset",
  ),
  split: splitSettings.default("auto").describe(
    '"lists": the official lists; shares of train, dev and test; "auto": the lists where there ' +
      "are any, otherwise 90, 5 and 5 % of the photos, shuffled",
  ),
  duplicates: z.enum(["reject", "keep"]).default("reject").describe(
    "what to do with a caption that its photo has already, word for word",
  ),
  downloads: downloadSettings.default([]).describe("files to download into source first"),
  ...sharedSettings,
});

type Settings = z.infer<typeof settings>;

/**
 * Flickr8k (Hodosh, Young and Hockenmaier, 2013) in Kaggle's layout or the original one, or any
 * photos and captions laid out like that.
 */
export const flickr8k: DatasetSource<typeof settings> = {
  settings,

  async prepare(settings, context) {
    const { captionsFile, folder, lists } = await readSource(settings, context);
    const rejected = [...captionsFile.rejected];
    const found = usable(captionsFile.found, folder, settings, rejected);
    if (found.length === 0) throw nothingUsable(captionsFile.path, folder.path, rejected);
    const photos = [...new Set(found.map(({ photo }) => photo))];
    const splits = splitPhotos(photos, settings, lists, context);
    const chosen = limitPhotos(photos, splits, settings.limit);
    const digests = await digestPhotos(folder.path, chosen, context);
    const captions: CaptionRow[] = [];
    for (const { row, photo, caption } of found) {
      const digest = digests.get(photo);
      if (digest instanceof Error) {
        rejected.push({ row, reason: "unreadable photo" });
      } else if (digest !== undefined) {
        captions.push({ photo, digest, caption, split: splits.get(photo)! });
      }
    }
    sayEqualPhotos(captions, context);
    return {
      kind: "flickr8k",
      photoFolder: folder.path,
      captions,
      rejected: inOrder(rejected),
      rows: captionsFile.found.length + captionsFile.rejected.length,
    };
  },

  async fingerprint(settings, context) {
    const { captionsFile, folder, lists } = await readSource(settings, context);
    const digests = await digestPhotos(folder.path, [...new Set(folder.names.values())], context);
    return digestJson({
      folder: folder.path,
      captions: await digestFile(captionsFile.path),
      lists: lists.map(({ split, photos }) => [split, [...photos]]),
      photos: [...digests].map(([photo, digest]) => [photo, String(digest)]),
    });
  },
};

async function readSource(settings: Settings, context: PrepareContext) {
  const source = resolve(settings.source);
  await fetchArchives(source, settings.downloads, context);
  if (!await Deno.stat(source).then((stat) => stat.isDirectory, () => false)) {
    throw new Error(
      `There is no folder ${source}: put the data set there, or set dataset.source to its folder`,
    );
  }
  const captionsFile = await readCaptionsFile(source);
  const folder = await listPhotoFolder(source, settings.images);
  const lists = typeof settings.split === "string" ? await readSplitLists(source) : [];
  if (settings.split === "lists" && lists.length === 0) {
    throw new Error(
      `There is no Flickr_8k.trainImages.txt in ${source}: put the lists there, or set ` +
        'dataset.split to "auto" or to shares of train, dev and test',
    );
  }
  return { captionsFile, folder, lists };
}

/** An image of which the original set has captions, but no photo. */
const brokenPhoto = "2258277193_586949ec62.jpg.1";

/** Captions under the names that their photos have on the disk; the others are rejected. */
function usable(
  found: FoundCaption[],
  folder: PhotoFolder,
  { duplicates }: Settings,
  rejected: RejectedRow[],
): FoundCaption[] {
  const seen = new Set<string>();
  return found.flatMap(({ row, photo: name, caption }) => {
    const photo = findPhoto(folder, name);
    const key = JSON.stringify([photo, caption]);
    const reason = name === brokenPhoto
      ? "known broken id, a photo that Flickr8k never had"
      : photo === undefined
      ? "no such photo"
      : caption === ""
      ? "empty caption"
      : duplicates === "reject" && seen.has(key)
      ? "duplicate caption of the photo"
      : undefined;
    if (reason !== undefined) rejected.push({ row, reason });
    else seen.add(key);
    return reason === undefined ? [{ row, photo: photo!, caption }] : [];
  });
}

function nothingUsable(captions: string, folder: string, rejected: RejectedRow[]): Error {
  if (rejected.every(({ reason }) => reason === "no such photo")) {
    return new Error(
      `${captions} names no photo that is in ${folder}: put its photos there, or set ` +
        "dataset.images to the folder that has them",
    );
  }
  return new Error(
    `${captions} has no caption that can be used, ${describeRejections(rejected)}: put the data ` +
      "set's own file there",
  );
}

function splitPhotos(
  photos: string[],
  { split, seed }: Settings,
  lists: Awaited<ReturnType<typeof readSplitLists>>,
  { say }: PrepareContext,
): Map<string, Split> {
  if (typeof split !== "string") {
    return splitByRatio(photos, { ...split, seed: split.seed ?? seed });
  }
  if (lists.length === 0) {
    say?.("No split lists: 90 % of the photos for train, 5 % for dev, 5 % for test, shuffled");
    const ratio = { train: 0.9, dev: 0.05, test: 0.05, order: "shuffled", seed } as const;
    return splitByRatio(photos, ratio);
  }
  const here = new Set(photos.map((photo) => photo.normalize("NFC")));
  for (const { path, photos: listed } of lists) {
    const unknown = [...listed].filter((photo) => !here.has(photo.normalize("NFC")));
    if (unknown.length === 0) continue;
    say?.(
      `${path} names ${unknown.length.toLocaleString("en")} of ${
        listed.size.toLocaleString("en")
      } photos that are not here or have no captions, such as ${unknown[0]}: left out`,
    );
  }
  return splitByLists(photos, lists);
}

function limitPhotos(photos: string[], splits: Map<string, Split>, limit = Infinity): string[] {
  const counts = new Map<Split, number>();
  return photos.filter((photo) => {
    const count = (counts.get(splits.get(photo)!) ?? 0) + 1;
    counts.set(splits.get(photo)!, count);
    return count <= limit;
  });
}

/** A photo of dev or test that is in train under another name makes scores look better. */
function sayEqualPhotos(captions: CaptionRow[], { say }: PrepareContext): void {
  const train = new Map(
    captions.filter((row) => row.split === "train").map((row) => [row.digest, row.photo]),
  );
  const equal = captions.filter((row) =>
    (row.split === "dev" || row.split === "test") && train.has(row.digest)
  );
  if (equal.length === 0) return;
  const [{ photo, split, digest }] = equal;
  const count = new Set(equal.map((row) => row.photo)).size;
  say?.(
    `${count} ${count === 1 ? "photo" : "photos"} of dev or test also in train under another ` +
      `name, such as ${photo} of ${split}, which is ${train.get(digest)}: scores will be too good`,
  );
}

function inOrder(rejected: RejectedRow[]): RejectedRow[] {
  const line = ({ row }: RejectedRow) => Number(row.slice(row.lastIndexOf(":") + 1));
  return rejected.sort((a, b) => line(a) - line(b));
}
