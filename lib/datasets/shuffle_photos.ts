import { Random } from "../random/mod.ts";
import type { CaptionRow } from "./dataset_source.ts";
import { captionsByPhoto } from "./statistics.ts";

/**
 * Gives each train photo all captions of another train photo, drawn from the seed; other splits stay
 * as they are.
 *
 * @throws {RangeError} if train has only one photo
 */
export function shufflePhotos(captions: readonly CaptionRow[], seed: number): CaptionRow[] {
  const photos = [
    ...captionsByPhoto(captions.filter((row) => row.split === "train")).values(),
  ].map(([{ photo, digest }]) => ({ photo, digest }));
  if (photos.length === 1) {
    throw new RangeError(
      "A single train photo cannot be shuffled: set dataset.shufflePhotos to false",
    );
  }
  const circle = new Random(seed, "shufflePhotos").shuffled(photos);
  const other = new Map(
    circle.map(({ photo }, index) => [photo, circle[(index + 1) % circle.length]]),
  );
  return captions.map((row) => row.split === "train" ? { ...row, ...other.get(row.photo)! } : row);
}
