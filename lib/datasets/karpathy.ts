import { basename } from "node:path";
import { z } from "zod";
import { captionsSource } from "./captions_source.ts";
import type { FoundCaption } from "./found_dataset.ts";
import { captionsFile, captionsSettings, sourceFolder } from "./captions_settings.ts";
import { oneLine } from "./files/caption_text.ts";
import { chooseFile } from "./files/choose_file.ts";
import { isObject, readJson } from "./files/json_file.ts";
import { findRepeated } from "./files/repeated_keys.ts";
import { listPhotoTree } from "./photo_folder.ts";
import type { RejectedRow, Split } from "./dataset_source.ts";
import { openSourceFolder } from "./source_folder.ts";
import { SplitWords } from "./split_words.ts";
import { asksForOwn, splitByOwn } from "./splits.ts";

const settings = z.strictObject({
  kind: z.literal("karpathy").describe("Karpathy's JSON of Flickr8k, Flickr30k or COCO"),
  source: sourceFolder("karpathy", "dataset_flickr8k.json, dataset_flickr30k.json or the like"),
  captions: captionsFile("the only dataset_*.json there"),
  restval: z.enum(["train", "none"]).default("train").describe(
    "what COCO's restval photos (of its val set, in none of the splits) are used for",
  ),
  ...captionsSettings,
});

const WHAT = "Karpathy's JSON (dataset_flickr8k.json, dataset_flickr30k.json or dataset_coco.json)";

const PHOTO_FOLDERS = [
  "Images",
  "images",
  "Flicker8k_Dataset",
  "Flickr8k_Dataset",
  "flickr30k-images",
  "flickr30k_images",
  ".",
];

/**
 * Flickr8k, Flickr30k or COCO in the JSON and with the splits of Karpathy and Fei-Fei (2015), which
 * most papers report on.
 */
export const karpathy = captionsSource({
  settings,

  async read(settings, context) {
    const source = await openSourceFolder(settings, context);
    const path = await chooseFile(
      [source],
      settings.captions,
      /^dataset_\w+\.json$/i,
      "dataset_*.json",
    );
    const { json, text, digest } = await readJson(path, WHAT);
    const rows = rowsOf(json, path, settings);
    return {
      path,
      photos: await listPhotoTree(source, settings.images, PHOTO_FOLDERS),
      rows,
      splitPhotos: (photos, say, own) => splitByOwn(photos, own, settings, say),
      inputs: digest,
      notes: findRepeated(path, text, json),
    };
  },
});

function rowsOf(
  json: unknown,
  path: string,
  { restval, split: asked }: Pick<z.infer<typeof settings>, "restval" | "split">,
): (FoundCaption | RejectedRow)[] {
  const images = isObject(json) ? json.images : undefined;
  if (!Array.isArray(images) || !images.some((image) => Array.isArray(image?.sentences))) {
    throw new Error(
      `${path} holds no images with sentences, which is the layout of Karpathy's JSON: put ` +
        "his file there, or set dataset.kind to what it is (coco, folder)",
    );
  }
  const rows: (FoundCaption | RejectedRow)[] = [];
  const splits = new SplitWords();
  const isOwn = asksForOwn(asked);
  for (const [index, image] of images.entries()) {
    const row = `${basename(path)}: image ${index + 1}`;
    const { filename, filepath, split: word, sentences } = isObject(image) ? image : {};
    const read = word === "restval" && restval === "none" ? "" : splits.read(word) ?? "";
    const split = typeof read === "object" && !isOwn ? "" : read;
    if (typeof filename !== "string" || !Array.isArray(sentences)) {
      rows.push({ row, reason: "malformed, no filename or no sentences" });
    } else if (typeof split === "object") {
      rows.push({ row, reason: split.reason });
    } else {
      const photo = typeof filepath === "string" && filepath !== ""
        ? `${filepath}/${filename}`
        : filename;
      addSentences(rows, sentences, { row, photo, split });
    }
  }
  if (isOwn) splits.check(path);
  return rows;
}

function addSentences(
  rows: (FoundCaption | RejectedRow)[],
  sentences: unknown[],
  { row: image, photo, split }: { row: string; photo: string; split: Split },
): void {
  for (const [index, sentence] of sentences.entries()) {
    const row = `${image}, sentence ${index + 1}`;
    const { raw, tokens } = isObject(sentence) ? sentence : {};
    const caption = typeof raw === "string" && (raw.trim() !== "" || !Array.isArray(tokens))
      ? raw
      : Array.isArray(tokens)
      ? tokens.join(" ")
      : undefined;
    if (caption === undefined) rows.push({ row, reason: "malformed, no raw and no tokens" });
    else rows.push({ row, photo, caption: oneLine(caption), split });
  }
}
