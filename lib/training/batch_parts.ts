import type { Decoder } from "../models/mod.ts";

/**
 * Cuts a batch whose step would keep too many numbers into parts that are worked through one after
 * the other. All captions of a part take the memory of its longest, as they are padded to it.
 *
 * @param indices of the batch's captions
 * @param lengthOf words of a caption, markers included
 * @param most numbers that a step may keep for its backward pass; a caption that takes more by
 * itself is a separate part
 * @returns the batch as it is where it is small enough; otherwise its captions by length, in parts
 */
export function batchParts(
  indices: readonly number[],
  lengthOf: (index: number) => number,
  decoder: Pick<Decoder, "activations">,
  most: number,
): (readonly number[])[] {
  const longest = indices.reduce((longest, index) => Math.max(longest, lengthOf(index)), 0);
  if (indices.length * decoder.activations(longest) <= most) return [indices];
  const parts: number[][] = [];
  let part: number[] = [];
  for (const index of indices.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
    if (part.length > 0 && (part.length + 1) * decoder.activations(lengthOf(index)) > most) {
      parts.push(part);
      part = [];
    }
    part.push(index);
  }
  return [...parts, part];
}
