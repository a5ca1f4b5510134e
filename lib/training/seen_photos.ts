import { Random } from "../random/mod.ts";
import type { CaptionSet } from "./caption_set.ts";
import type { TrainingSettings } from "./settings.ts";

/**
 * What each photo's feature is read under in an epoch, by the photo's digest: with `flipPhotos` its mirror
 * image's by chance, drawn by seed, epoch and photo; otherwise its own.
 *
 * @throws {RangeError} if photos are to be flipped, and the set has no features of that
 */
export function seenPhotos(
  { flipped }: Pick<CaptionSet, "flipped">,
  { flipPhotos, seed }: Pick<TrainingSettings, "flipPhotos" | "seed">,
): (epoch: number) => (digest: string) => string {
  if (!flipPhotos) return () => (digest) => digest;
  if (flipped === undefined) {
    throw new RangeError(
      "training.flipPhotos is true, but the features have none of flipped photos: cache them first",
    );
  }
  return (epoch) => (digest) =>
    new Random(seed, "flip", epoch, digest).uniform() < 0.5 ? flipped(digest) : digest;
}
