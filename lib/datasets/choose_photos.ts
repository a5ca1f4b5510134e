import type { Listener } from "../progress/mod.ts";
import { listSome } from "../text/mod.ts";
import type { MarkersSetting } from "./caption_markers.ts";
import type { FoundCaption, FoundDataset } from "./found_dataset.ts";
import { describeMatches } from "./photo_names/describe_matches.ts";
import { matchPhotos } from "./photo_names/match_photos.ts";
import type { PhotoMatch } from "./photo_names/photo_match.ts";
import { nothingUsable, whyUnmatched } from "./nothing_usable.ts";
import type { RejectedRow, Split } from "./dataset_source.ts";
import { asksForOwn, OBEYS_OWN, type Ratio } from "./splits.ts";

/** Settings that decide which of the captions and photos found are used. */
export interface ChooseSettings {
  /** What to do with a caption that its train photo already has. */
  duplicates: "reject" | "keep";
  /** Markers around the captions of the files; absent: found. */
  markers?: MarkersSetting;
  /** How photos are split: by the source's own split, or by shares of its settings' type. */
  split?: unknown;
  /** Only the first so many photos of each split. */
  limit?: number;
}

/** The part of a data set that is used, before its photos are read. */
export interface ChosenPhotos {
  /** Captions with their photos' names on the disk, or the reason why one is rejected. */
  rows: (FoundCaption | RejectedRow)[];
  /** Of every photo with a caption. */
  splits: Map<string, Split>;
  /** Photos within the limit. */
  chosen: string[];
}

/**
 * Decides what is used: captions without a photo and empty ones are rejected; the photos of the others
 * are split and limited. Duplicates of train photos are rejected too: those of dev and test photos are
 * references, of which every one counts.
 *
 * @throws {Error} if no caption can be used
 */
export function choosePhotos(
  found: FoundDataset,
  settings: ChooseSettings,
  say: Required<Listener>["say"],
): ChosenPhotos {
  const matches = matchPhotos(namesIn(found), found.photos);
  const rows = judgeRows(found, matches);
  const usable = new Set<string>();
  for (const row of rows) if (!("reason" in row)) usable.add(row.photo);
  if (usable.size === 0) throw nothingUsable(found, rows as RejectedRow[], matches);
  for (const line of describeMatches(matches, found.path)) say(line);
  const photos = [...usable];
  const replaced = settings.split === undefined || asksForOwn(settings.split as string | Ratio)
    ? undefined
    : replacedSplit(rows, found.path);
  if (replaced !== undefined) say(replaced);
  const splits = found.splitPhotos(photos, say, () => ownSplits(rows));
  const kept = settings.duplicates === "reject" ? withoutRepeated(rows, splits) : rows;
  return { rows: kept, splits, chosen: limitPhotos(photos, splits, settings.limit) };
}

/** Names of photos in the rows that the source does not refuse. */
function namesIn({ rows, refuse }: FoundDataset): Set<string> {
  const names = new Set<string>();
  for (const row of rows) {
    if (!("reason" in row) && refuse?.(row) === undefined) names.add(row.photo);
  }
  return names;
}

function judgeRows(
  { rows, refuse }: FoundDataset,
  matches: ReadonlyMap<string, PhotoMatch>,
): (FoundCaption | RejectedRow)[] {
  return rows.map((found) => {
    if ("reason" in found) return found;
    const { row, caption } = found;
    const match = matches.get(found.photo);
    const photo = match?.kind === "found" ? match.photo : undefined;
    const reason = refuse?.(found) ??
      whyUnmatched(match) ??
      (caption === "" ? "empty caption" : undefined);
    return reason !== undefined ? { row, reason } : { ...found, photo: photo! };
  });
}

/** Rejects what a photo that nothing is scored on has already. */
function withoutRepeated(
  rows: readonly (FoundCaption | RejectedRow)[],
  splits: ReadonlyMap<string, Split>,
): (FoundCaption | RejectedRow)[] {
  const seen = new Set<string>();
  return rows.map((found) => {
    if ("reason" in found) return found;
    const { row, photo, caption } = found;
    const split = splits.get(photo);
    if (split === "dev" || split === "test") return found;
    const key = JSON.stringify([photo, caption]);
    if (seen.has(key)) return { row, reason: "duplicate caption of the photo" };
    seen.add(key);
    return found;
  });
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
          `(${row.row}): correct the data, as a score on photos seen in training means nothing`,
      );
    }
    splits.set(row.photo, row.split);
  }
  return splits;
}

/** What is to be said of a split in the rows that shares replace, if they have one. */
function replacedSplit(
  rows: readonly (FoundCaption | RejectedRow)[],
  path: string,
): string | undefined {
  const own = new Set(rows.map((row) => "reason" in row ? undefined : row.split));
  own.delete(undefined);
  own.delete("");
  if (!own.has("train") || own.size < 2) return undefined;
  return `${path}: its own split (${
    listSome([...own] as string[])
  }) is not used, as dataset.split has shares; ` +
    OBEYS_OWN;
}

function limitPhotos(photos: string[], splits: Map<string, Split>, limit = Infinity): string[] {
  const counts = new Map<Split, number>();
  return photos.filter((photo) => {
    const count = (counts.get(splits.get(photo)!) ?? 0) + 1;
    counts.set(splits.get(photo)!, count);
    return count <= limit;
  });
}
