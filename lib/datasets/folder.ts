import { z } from "zod";
import { digestFile } from "../storage/mod.ts";
import { captionsSource } from "./captions_source.ts";
import { captionsFile, captionsSettings, sourceFolder } from "./captions_settings.ts";
import { chooseFile } from "./files/choose_file.ts";
import { readTable } from "./folder/read_table.ts";
import { listPhotoTree } from "./photo_folder.ts";
import { photoNameTest } from "./photo_names/match_photos.ts";
import { openSourceFolder } from "./source_folder.ts";
import { asksForOwn, splitByOwn } from "./splits.ts";

const column = z.string().min(1);

const settings = z.strictObject({
  kind: z.literal("folder").describe("a folder with photos and one file of captions"),
  source: sourceFolder("photos", "one CSV, TSV, JSON or JSON lines file, and photos"),
  captions: captionsFile("the only .csv, .tsv, .json, .jsonl or .ndjson file there"),
  columns: z.strictObject({
    photo: column.optional().describe("column, or key, of the photo's name"),
    captions: z.union([column, z.array(column).min(1)]).optional().describe(
      "column of the caption, or of a list of captions; or several columns",
    ),
    split: column.optional().describe("column that says train, val (dev) or test"),
  }).prefault({}).describe("columns of the captions file; by default those of usual names"),
  ...captionsSettings,
});

/** The plain case: photos in a folder, or in folders in it, and one file that captions them. */
export const folder = captionsSource({
  settings,

  async read(settings, context) {
    const source = await openSourceFolder(settings, context);
    const path = await chooseFile(
      [source],
      settings.captions,
      /^[^.].*\.(csv|tsv|json|jsonl|ndjson)$/i,
      "CSV, TSV, JSON or JSON lines file",
    );
    const photos = await listPhotoTree(source, settings.images, ["."]);
    const { rows, notes, nameColumn } = await readTable(path, {
      named: settings.columns,
      isPhoto: photoNameTest(photos),
      splits: asksForOwn(settings.split),
    });
    return {
      path,
      nameColumn,
      photos,
      rows,
      splitPhotos: (photos, say, own) => splitByOwn(photos, own, settings, say),
      inputs: await digestFile(path),
      notes,
    };
  },
});
