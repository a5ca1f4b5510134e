import { basename, join, relative, resolve } from "node:path";
import { z } from "zod";
import { captionsSource } from "./captions_source.ts";
import type { FoundCaption } from "./found_dataset.ts";
import { captionsSettings, sourceFolder } from "./captions_settings.ts";
import { oneLine } from "./files/caption_text.ts";
import { filesLike } from "./files/choose_file.ts";
import { isObject, readJson } from "./files/json_file.ts";
import { listPhotoTree, type PhotoFolder } from "./photo_folder.ts";
import type { RejectedRow, Split } from "./dataset_source.ts";
import { openSourceFolder } from "./source_folder.ts";
import { splitByOwn, splitOf } from "./splits.ts";

const settings = z.strictObject({
  kind: z.literal("coco").describe("COCO's captions JSON, or captions laid out like it"),
  source: sourceFolder(
    "coco",
    "captions_train2014.json, captions_val2014.json or the like (or in annotations) and photos",
  ),
  files: z.array(z.strictObject({
    captions: z.string().min(1).describe("captions file, relative to source"),
    split: z.enum(["train", "dev", "test", "none"]).describe("what its photos are used for"),
    images: z.string().min(1).optional().describe(
      "folder of its photos in dataset.images; by default named after the file, such as train2014",
    ),
  })).optional().describe(
    "captions files; by default all captions_train*.json, …val*… and …test*… of one year, val as dev",
  ),
  ...captionsSettings,
});

type Settings = z.infer<typeof settings>;

/** COCO captions (Chen and others, 2015), one file or several, each with its split and photos. */
export const coco = captionsSource({
  settings,

  async read(settings, context) {
    const source = await openSourceFolder(settings, context);
    const files = await captionsFiles(source, settings);
    const photos = await listPhotoTree(source, settings.images, ["."]);
    const rows: (FoundCaption | RejectedRow)[] = [];
    const inputs: unknown[] = [];
    for (const file of files) {
      const { json, digest } = await readJson(file.path, "COCO's captions JSON");
      for (const row of captionsIn(json, file, photos)) rows.push(row);
      inputs.push([file.split, digest]);
    }
    return {
      path: files.map(({ path }) => path).join(" and "),
      photos,
      rows,
      splitPhotos: (photos, say, own) => splitByOwn(photos, own, settings, say),
      inputs,
      notes: files.map(({ path, split }) => `${path} for ${split || "no split"}`),
    };
  },
});

interface CaptionsFile {
  path: string;
  split: Split;
  /** Folder of its photos, relative to the photo folder. */
  folder: string;
}

async function captionsFiles(source: string, settings: Settings): Promise<CaptionsFile[]> {
  if (settings.files !== undefined) {
    return settings.files.map(({ captions, split, images }) => ({
      path: resolve(source, captions),
      split: split === "none" ? "" : split,
      folder: images ?? folderOf(captions),
    }));
  }
  const pattern = /^captions_(train|val|test)(\d*)\.json$/i;
  for (const folder of [source, join(source, "annotations")]) {
    const names = await filesLike(folder, pattern);
    if (names.length === 0) continue;
    const splits = names.map((name) => splitOf(pattern.exec(name)![1])!);
    if (new Set(splits).size < splits.length) {
      throw new Error(
        `${folder} has ${names.join(", ")}, several for one split: set dataset.files to those ` +
          'to use, such as [{"captions": "…", "split": "train"}]',
      );
    }
    return names.map((name, index) => ({
      path: join(folder, name),
      split: splits[index],
      folder: folderOf(name),
    }));
  }
  throw new Error(
    `There is no captions_train*.json, captions_val*.json or captions_test*.json in ${source} or ` +
      "its annotations: put them there, or set dataset.files",
  );
}

/** `captions_train2014.json` → `train2014`. */
function folderOf(name: string): string {
  return basename(name).replace(/^captions_/, "").replace(/\.json$/i, "");
}

function captionsIn(
  json: unknown,
  { path, split, folder }: CaptionsFile,
  photos: PhotoFolder,
): (FoundCaption | RejectedRow)[] {
  const { images, annotations } = isObject(json) ? json : {};
  if (!Array.isArray(images) || !Array.isArray(annotations)) {
    throw new Error(
      `${path} holds no lists of images and annotations, which is the layout of COCO's captions: ` +
        "put its file there, or set dataset.kind to what it is (karpathy, folder)",
    );
  }
  if (annotations.length > 0 && !annotations.some((one) => typeof one?.caption === "string")) {
    throw new Error(`${path} has annotations without captions: put COCO's captions_*.json there`);
  }
  const names = new Map<unknown, string>();
  for (const image of images) {
    if (!isObject(image) || typeof image.file_name !== "string") continue;
    const name = relative(photos.path, resolve(photos.path, folder, image.file_name));
    names.set(image.id, photos.names.has(name) ? name : image.file_name);
  }
  return annotations.map((annotation, index) => {
    const row = `${basename(path)}: annotation ${index + 1}`;
    const { image_id, caption } = isObject(annotation) ? annotation : {};
    if (typeof caption !== "string") return { row, reason: "malformed, no caption" };
    const photo = names.get(image_id);
    if (photo === undefined) return { row, reason: "malformed, its image_id is of no image" };
    return { row, photo, caption: oneLine(caption), split };
  });
}
