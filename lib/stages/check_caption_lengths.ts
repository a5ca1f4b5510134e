import type { Decoder } from "../models/mod.ts";
import type { CaptionSets } from "./caption_sets.ts";

/**
 * Refuses captions that are longer than the decoder can read, before it is trained.
 *
 * @throws {RangeError} naming the longest, and the setting that it asks for
 */
export function checkCaptionLengths(
  { kind, maxWords }: Pick<Decoder, "kind" | "maxWords">,
  sets: CaptionSets,
): void {
  if (maxWords === undefined) return;
  for (const split of ["train", "dev"] as const) {
    const markers = 2;
    const longest = sets[split].captions.reduce(
      (longest, { length }) => Math.max(longest, length - markers),
      0,
    );
    if (longest <= maxWords) continue;
    throw new RangeError(
      `A caption of the ${split} split has ${longest} words, but the ${kind} decoder reads ` +
        `${maxWords} at most: set --model.maxWords=${longest}`,
    );
  }
}
