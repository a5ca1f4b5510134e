import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { captionsSource } from "./captions_source.ts";
import type { FoundCaption } from "./found_dataset.ts";
import { captionsSettings, sourceFolder } from "./captions_settings.ts";
import { oneLine } from "./files/caption_text.ts";
import { filesLike } from "./files/choose_file.ts";
import { isObject, readJson } from "./files/json_file.ts";
import { findRepeated } from "./files/repeated_keys.ts";
import { listPhotoTree } from "./photo_folder.ts";
import { folderOfSplit } from "./coco/split_folder.ts";
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
    const notes = files.map(({ path, split }) => `${path} for ${split || "no split"}`);
    for (const file of files) {
      const { json, text, digest } = await readJson(file.path, "COCO's captions JSON");
      notes.push(...findRepeated(file.path, text, json));
      const usual = folderOfSplit(photos.files, folderOf(file.path));
      const pathOf = (name: string) => {
        const folder = file.images ?? (/[/\\]/.test(name) ? undefined : usual);
        return folder === undefined ? name : `${folder}/${name}`;
      };
      for (const row of captionsIn(json, file, pathOf, notes)) rows.push(row);
      inputs.push([file.split, digest]);
    }
    return {
      path: files.map(({ path }) => path).join(" and "),
      photos,
      rows,
      splitPhotos: (photos, say, own) => splitByOwn(photos, own, settings, say),
      inputs,
      notes,
    };
  },
});

interface CaptionsFile {
  path: string;
  split: Split;
  /** Folder of its photos, relative to the photo folder, if the settings name one. */
  images?: string;
}

async function captionsFiles(source: string, settings: Settings): Promise<CaptionsFile[]> {
  if (settings.files !== undefined) {
    return settings.files.map(({ captions, split, images }) => ({
      path: resolve(source, captions),
      split: split === "none" ? "" : split,
      images,
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
  { path, split }: CaptionsFile,
  pathOf: (name: string) => string,
  notes: string[],
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
  const names = namesById(images, path, notes);
  return annotations.map((annotation, index) => {
    const row = `${basename(path)}: annotation ${index + 1}`;
    const { image_id, caption } = isObject(annotation) ? annotation : {};
    if (typeof caption !== "string") return { row, reason: "malformed, no caption" };
    if (image_id === undefined || image_id === null) {
      return { row, reason: "malformed, no image_id" };
    }
    const name = names.get(String(image_id));
    if (name === undefined) return { row, reason: "malformed, its image_id is of no image" };
    if (name === null) return { row, reason: "malformed, its image_id is of several images" };
    return { row, photo: pathOf(name), caption: oneLine(caption), split };
  });
}

/** File names of images by id, null for an id that several have. */
function namesById(
  images: readonly unknown[],
  path: string,
  notes: string[],
): Map<string, string | null> {
  const names = new Map<string, string | null>();
  const shared = new Map<string, string>();
  for (const image of images) {
    if (!isObject(image) || typeof image.file_name !== "string") continue;
    if (image.id === undefined || image.id === null) continue;
    const id = String(image.id);
    const other = names.get(id);
    if (other === undefined || other === image.file_name) names.set(id, image.file_name);
    else {
      if (other !== null) shared.set(id, `${id} to ${other} and ${image.file_name}`);
      names.set(id, null);
    }
  }
  if (shared.size > 0) {
    const [example] = shared.values();
    notes.push(
      `${path} gives ${shared.size.toLocaleString("en")} ${
        shared.size === 1 ? "id" : "ids"
      } to several images, such as ${example}: captions of ${
        shared.size === 1 ? "that id are" : "these ids are"
      } rejected`,
    );
  }
  return names;
}
