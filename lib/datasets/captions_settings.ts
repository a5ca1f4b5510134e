import { z } from "zod";
import { markersSetting } from "./caption_markers.ts";
import { downloadSettings } from "./downloads/fetch_archives.ts";
import { duplicateSettings, sharedSettings } from "./dataset_source.ts";
import { splitSettings } from "./splits.ts";

/** Settings of the sources that are captions files and a folder of photos. */
export const captionsSettings = {
  images: z.string().min(1).optional().describe(
    "folder that holds the photos, in it or in folders in it; relative to source, or to the current " +
      "folder",
  ).meta({ path: "source" }),
  split: splitSettings("own").default("auto").describe(
    '"own": the split in the files; shares of train, dev and test; "auto": their own ' +
      "where it has train photos and others, otherwise 90, 5 and 5 % of the photos, shuffled",
  ),
  duplicates: duplicateSettings,
  markers: markersSetting,
  downloads: downloadSettings.default([]).describe(
    "files to download first, into the folder downloads of source, which then has the data set",
  ),
  ...sharedSettings,
};

/** Setting that names the captions file. */
export const captionsFile = (usual: string) =>
  z.string().min(1).optional().describe(`captions file, relative to source; by default ${usual}`);

/** Setting that names the folder. */
export const sourceFolder = (name: string, what: string) =>
  z.string().min(1).default(name).describe(`folder with ${what}`).meta({ path: "any" });
