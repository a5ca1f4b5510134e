import { describeMatches, matchDistance, matchPhotos, type PhotoMatch } from "../datasets/mod.ts";
import type { PhotoSource } from "../features/mod.ts";
import type { FeaturesFile } from "../interchange/mod.ts";
import { shorten } from "../text/mod.ts";

/** A photo of the data set, and the name by which it is looked for. */
export interface NamedPhoto extends PhotoSource {
  /** Path in the data set. */
  photo: string;
}

/** Entries of a features file, matched to photos. */
export interface MatchedEntries {
  /** Index of each photo's entry, by the photo's digest. */
  positions: Map<string, number>;
  /** Photos that have none, and why. */
  reasons: { photo: string; reason: string }[];
  /** What is to be said of names that were not taken as they are. */
  remarks: string[];
}

/**
 * Finds the entry of each photo of a data set in a features file.
 *
 * @param photos a photo may be there under several names
 * @throws {Error} if no entry is a photo's
 */
export function matchEntries(
  file: Pick<FeaturesFile, "path" | "names">,
  photos: readonly NamedPhoto[],
): MatchedEntries {
  const { matches, ...found } = findEntries(file, photos);
  if (photos.length > 0 && found.positions.size === 0) throw noneMatched(file, photos, matches);
  return found;
}

/**
 * Finds the entry of each photo in a features file, by the rule of `matchPhotos`. An entry serves one
 * photo; of several for one photo the closest is taken.
 *
 * @param photos a photo may be there under several names
 */
export function findEntries(
  { path, names }: Pick<FeaturesFile, "path" | "names">,
  photos: readonly NamedPhoto[],
): MatchedEntries & { matches: ReadonlyMap<string, PhotoMatch> } {
  const matches = matchPhotos(names, { files: photos.map(({ photo }) => photo) });
  const digests = new Map(photos.map(({ digest, photo }) => [photo, digest]));
  const found = new Map<string, { index: number; distance: number }[]>();
  const obstacles = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const match = matches.get(name)!;
    const meant = new Set(photosOf(match).map((photo) => digests.get(photo)!));
    if (match.kind === "found" || match.kind === "several" && meant.size === 1) {
      const [digest] = meant;
      const distance = match.kind === "found" ? matchDistance(match) : Infinity;
      found.set(digest, [...found.get(digest) ?? [], { index, distance }]);
    } else if (match.kind === "several") {
      const reason = `could be that of "${shorten(name, 200)}" in ${path}, as several photos could`;
      for (const digest of meant) obstacles.set(digest, reason);
    } else if (match.kind === "shared") {
      obstacles.set(digests.get(match.photo)!, `has several entries in ${path}`);
    }
  }
  const positions = new Map<string, number>();
  for (const [digest, entries] of found) {
    const least = Math.min(...entries.map(({ distance }) => distance));
    const closest = entries.filter(({ distance }) => distance === least);
    if (closest.length === 1) positions.set(digest, closest[0].index);
    else obstacles.set(digest, `has several entries in ${path}`);
  }
  const reasons = new Map<string, { photo: string; reason: string }>();
  for (const { digest, path: file } of photos) {
    if (positions.has(digest)) continue;
    const reason = obstacles.get(digest) ?? `has no entry in ${path}`;
    if (!reasons.has(digest)) reasons.set(digest, { photo: file, reason });
  }
  // Entries of no photo are usual: the file may be of a larger data set.
  const known = new Map([...matches].filter(([, { kind }]) => kind !== "none"));
  const remarks = describeMatches(known, path);
  return { positions, reasons: [...reasons.values()], remarks, matches };
}

function photosOf(match: PhotoMatch): readonly string[] {
  switch (match.kind) {
    case "none":
      return [];
    case "several":
    case "elsewhere":
      return match.photos;
    case "found":
    case "shared":
      return [match.photo];
  }
}

function noneMatched(
  { path, names }: Pick<FeaturesFile, "path" | "names">,
  photos: readonly NamedPhoto[],
  matches: ReadonlyMap<string, PhotoMatch>,
): Error {
  const refused = new Map([...matches].filter(([, { kind }]) => kind !== "none"));
  if (refused.size > 0) {
    return new Error(
      `No entry can be taken for a photo. ${describeMatches(refused, path).join("; ")}. Name the ` +
        `entries as the photos are named, such as ${photos[0].photo}`,
    );
  }
  return new Error(
    `None of the ${photos.length} photos of the data set (such as ${photos[0].photo}) is among ` +
      `the ${names.length} names in ${path} (such as ${
        shorten(names[0], 200)
      }): name its entries as the photos ` +
      "are, or take the features of these photos",
  );
}
