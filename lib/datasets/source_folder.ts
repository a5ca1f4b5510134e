import { resolve } from "node:path";
import type { z } from "zod";
import { isFile, isFolder } from "../storage/mod.ts";
import { type downloadSettings, fetchArchives } from "./downloads/fetch_archives.ts";
import type { PrepareContext } from "./dataset_source.ts";

/**
 * The absolute path of the folder with a source's files: the source itself or, where there are
 * downloads, its folder of them, after fetching them.
 *
 * @throws {Error} saying what to do, if it is not there
 */
export async function openSourceFolder(
  settings: { source: string; downloads: z.infer<typeof downloadSettings> },
  context: PrepareContext,
): Promise<string> {
  const source = resolve(settings.source);
  if (await isFile(source)) {
    throw new Error(`${source} is a file: set dataset.source to the folder that holds it`);
  }
  if (settings.downloads.length > 0) {
    return await fetchArchives(source, settings.downloads, context);
  }
  if (await isFolder(source)) return source;
  throw new Error(
    `There is no folder ${source}: put the data set there, or set dataset.source to its folder`,
  );
}
