import type { Decoder } from "../models/mod.ts";

/**
 * Cuts a batch whose step would keep too many numbers into parts that are worked through one after
 * the other. All captions of a part take the memory of its longest, as they are padded to it.
 *
 * @param indices of the batch's captions
 * @param lengthOf words of a caption, markers included
 * @param most numbers that a step may keep for its backward pass; a caption that takes more by
 * itself is a separate part
 * @param photoOf the photo of a caption, for decoders that keep numbers of photos. @default {one each}
 * @returns the batch as it is where it is small enough; otherwise its captions by length, or by photo
 * where numbers of photos are kept, in parts
 */
export function batchParts(
  indices: readonly number[],
  lengthOf: (index: number) => number,
  decoder: Pick<Decoder, "activations" | "photoActivations">,
  most: number,
  photoOf: (index: number) => string = String,
): (readonly number[])[] {
  const { photoActivations = 0 } = decoder;
  let part: number[] = [];
  let longest = 0;
  const photos = new Set<string>();
  const add = (index: number) => {
    part.push(index);
    longest = Math.max(longest, lengthOf(index));
    if (photoActivations > 0) photos.add(photoOf(index));
  };
  const tooMany = () =>
    part.length * decoder.activations(longest) + photos.size * photoActivations > most;
  indices.forEach(add);
  if (!tooMany()) return [indices];
  const order = photoActivations > 0
    ? [...Map.groupBy(indices, photoOf).values()].flat()
    : indices.toSorted((a, b) => lengthOf(a) - lengthOf(b));
  const parts: number[][] = [];
  const begin = () => {
    part = [];
    longest = 0;
    photos.clear();
  };
  begin();
  for (const index of order) {
    add(index);
    if (part.length === 1 || !tooMany()) continue;
    parts.push(part.slice(0, -1));
    begin();
    add(index);
  }
  return [...parts, part];
}
