import type { EvaluatedPhoto } from "./evaluation.ts";

/** A photo that several runs captioned. */
export interface ComparedPhoto {
  /** Path of the photo in the data set. */
  photo: string;
  /** What people wrote. */
  references: string[];
  /** Of each run. */
  captions: string[];
  /** Of each run's caption alone. */
  scores: number[];
}

/** A run's captions. */
export interface CaptionedRun {
  /** Its name. */
  name: string;
  /** Photos with their captions and scores. */
  photos: readonly EvaluatedPhoto[];
}

/**
 * The photos that all of the runs captioned, in the order of the first, with the caption of each.
 *
 * @param runs evaluated on the same data set
 * @param score that each caption has
 * @throws {RangeError} naming the runs without a photo in common, or one whose captions have no such
 * score
 */
export function comparePhotos(runs: readonly CaptionedRun[], score: string): ComparedPhoto[] {
  const byPhoto = runs.map(({ photos }) => new Map(photos.map((photo) => [photo.photo, photo])));
  const shared = runs[0].photos.filter(({ photo }) => byPhoto.every((known) => known.has(photo)));
  if (shared.length === 0) {
    const names = runs.map(({ name }) => name).join(" and ");
    throw new RangeError(`${names} have no evaluated photo in common: evaluate them on one split`);
  }
  return shared.map(({ photo, references }) => {
    const found = byPhoto.map((known) => known.get(photo)!);
    return {
      photo,
      references,
      captions: found.map(({ caption }) => caption),
      scores: found.map(({ scores }, i) => scores?.[score] ?? missing(runs[i].name, score)),
    };
  });
}

function missing(name: string, score: string): never {
  throw new RangeError(
    `The captions of ${name} have no ${score} of their own: evaluate it again with this version`,
  );
}
