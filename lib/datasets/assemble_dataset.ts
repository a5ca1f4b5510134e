import type { z } from "zod";
import { digestJson } from "../storage/mod.ts";
import { digestPhotos } from "./photo_digests.ts";
import { findPhoto, isAmbiguous, type PhotoFolder } from "./photo_folder.ts";
import { describeRejections, nothingUsable } from "./rejections.ts";
import type {
  CaptionRow,
  DatasetSource,
  PrepareContext,
  PreparedDataset,
  RejectedRow,
  SettingsSchema,
  Split,
} from "./source.ts";
import type { Listener } from "../listener/mod.ts";

/** A caption as it stands in a source's own files. */
export interface FoundCaption {
  /** Where, such as `captions.txt:12`. */
  row: string;
  /** The photo's name as the source has it. */
  photo: string;
  /** As it was found, without white space around. */
  caption: string;
  /** The source's own split of the photo, where it has one. */
  split?: Split;
}

/** What reading a source's own files gave. */
export interface FoundDataset {
  /** The file or folder that the captions come from, for messages. */
  path: string;
  /** The photos that are on the disk. */
  photos: PhotoFolder;
  /** All that was read, in its order. */
  rows: (FoundCaption | RejectedRow)[];
  /**
   * Brings the chosen photos onto the disk and digests them, where the source does not have them
   * there already; `PhotoRefusedError` says why one is not there.
   */
  fetchPhotos?(photos: string[]): Promise<Map<string, string | Error>>;
  /**
   * What photos are used for.
   *
   * @param photos those with captions, in the order of the rows
   * @param own gives the splits that the rows tell of
   */
  splitPhotos(
    photos: string[],
    say: Required<Listener>["say"],
    own: () => Map<string, Split>,
  ): Map<string, Split>;
  /** Why the source does not want a caption, if so. */
  refuse?(found: FoundCaption): string | undefined;
  /** Digests of the files that were read, besides photos. */
  inputs: unknown;
  /** What the user should know, said when the data set is prepared. */
  notes?: string[];
}

/** A photo that a source could not bring; its message is the reason in rejected.parquet. */
export class PhotoRefusedError extends Error {}

/** Settings that decide which of the captions and photos found are used. */
export interface AssembleSettings {
  /** What to do with a caption that its photo has already. */
  duplicates: "reject" | "keep";
  /** Only the first so many photos of each split. */
  limit?: number;
}

/**
 * A source that only has to read its own files: looking photos up, rejecting, splitting, limiting
 * and digesting are the same for all.
 */
export function captionsSource<S extends SettingsSchema>(
  { settings, read }: {
    settings: S;
    /** Reads captions and lists photos. */
    read(settings: z.infer<S> & AssembleSettings, context: PrepareContext): Promise<FoundDataset>;
  },
): DatasetSource<S> {
  const known = (settings: z.infer<S>) => settings as z.infer<S> & AssembleSettings;
  return {
    settings,
    prepare: async (given, context) => {
      const found = await read(known(given), context);
      return await assembleDataset(given.kind as string, found, known(given), context);
    },
    fingerprint: async (given, context) => {
      const found = await read(known(given), context);
      return await fingerprintFound(found, known(given), context);
    },
  };
}

/**
 * Brings found captions into one table: those without a photo, empty ones and duplicates are
 * rejected, the others split, limited and digested.
 *
 * @throws {Error} if no caption can be used
 */
export async function assembleDataset(
  kind: string,
  found: FoundDataset,
  settings: AssembleSettings,
  context: PrepareContext,
): Promise<PreparedDataset> {
  for (const note of found.notes ?? []) context.say?.(note);
  const { rows, splits, chosen } = choosePhotos(found, settings, context.say);
  const digests = await digestChosen(found, chosen, context);
  const captions: CaptionRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const row of rows) {
    if ("reason" in row) {
      rejected.push(row);
      continue;
    }
    const { photo, caption } = row;
    const digest = digests.get(photo);
    if (digest instanceof Error) rejected.push({ row: row.row, reason: reasonOf(digest) });
    else if (digest !== undefined) {
      captions.push({ photo, digest, caption, split: splits.get(photo)! });
    }
  }
  if (captions.length === 0) {
    throw new Error(
      `No photo of ${found.path} can be used, ${describeRejections(rejected)}: look at those in ` +
        found.photos.path,
    );
  }
  sayEqualPhotos(captions, context);
  return { kind, photoFolder: found.photos.path, captions, rejected, rows: rows.length };
}

/** A digest of what was read and of the photos that would be used. */
export async function fingerprintFound(
  found: FoundDataset,
  settings: AssembleSettings,
  context: PrepareContext,
): Promise<string> {
  const { chosen } = choosePhotos(found, settings);
  const digests = await digestChosen(found, chosen, context);
  return digestJson({
    folder: found.photos.path,
    inputs: found.inputs,
    photos: [...digests].map(([photo, digest]) => [photo, String(digest)]),
  });
}

async function digestChosen(
  { photos, fetchPhotos }: FoundDataset,
  chosen: string[],
  context: PrepareContext,
): Promise<Map<string, string | Error>> {
  return await (fetchPhotos?.(chosen) ?? digestPhotos(photos.path, chosen, context));
}

function reasonOf(error: Error): string {
  return error instanceof PhotoRefusedError ? error.message : "unreadable photo";
}

function choosePhotos(
  found: FoundDataset,
  settings: AssembleSettings,
  say: Required<Listener>["say"] = () => {},
) {
  const rows = judgeRows(found, settings);
  const usable = new Set<string>();
  for (const row of rows) if (!("reason" in row)) usable.add(row.photo);
  if (usable.size === 0) throw nothingUsable(found.path, found.photos.path, rows as RejectedRow[]);
  const photos = [...usable];
  const splits = found.splitPhotos(photos, say, () => ownSplits(rows));
  return { rows, splits, chosen: limitPhotos(photos, splits, settings.limit) };
}

/** The source's own split of each photo, where it has one. */
function ownSplits(rows: (FoundCaption | RejectedRow)[]): Map<string, Split> {
  const splits = new Map<string, Split>();
  for (const row of rows) {
    if ("reason" in row || row.split === undefined) continue;
    const other = splits.get(row.photo);
    if (other !== undefined && other !== row.split) {
      throw new Error(
        `${row.photo} is in ${other || "no split"} and in ${row.split || "no split"} ` +
          `(${row.row}): mend the data, as a score on photos that were trained on tells nothing`,
      );
    }
    splits.set(row.photo, row.split);
  }
  return splits;
}

/** Captions under the names that their photos have on the disk; the others with a reason. */
function judgeRows(
  { rows, photos, refuse }: FoundDataset,
  { duplicates }: AssembleSettings,
): (FoundCaption | RejectedRow)[] {
  const seen = new Set<string>();
  return rows.map((found) => {
    if ("reason" in found) return found;
    const { row, caption } = found;
    const photo = findPhoto(photos, found.photo);
    const key = JSON.stringify([photo, caption]);
    const reason = refuse?.(found) ??
      (photo === undefined
        ? isAmbiguous(photos, found.photo) ? "several photos of that name" : "no such photo"
        : caption === ""
        ? "empty caption"
        : duplicates === "reject" && seen.has(key)
        ? "duplicate caption of the photo"
        : undefined);
    if (reason !== undefined) return { row, reason };
    if (duplicates === "reject") seen.add(key);
    return { ...found, photo: photo! };
  });
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
  const train = new Map<string, string>();
  for (const { split, digest, photo } of captions) if (split === "train") train.set(digest, photo);
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
