import * as tf from "@tensorflow/tfjs";
import type { CaptionBatch } from "./decoder.ts";

/** Beginnings of captions side by side, each read from its last word back to its first. */
export interface Prefixes {
  /** Words of the longest. */
  steps: number;
  /** Words of each [prefixes]. */
  lengths: Int32Array;
}

/** Prefixes of a batch's captions. */
export interface PrefixGroup extends Prefixes {
  /**
   * Where each word stands in the batch's flattened [time, captions] [steps, prefixes]: the last
   * word first; beyond a prefix' first word any place.
   */
  places: tf.Tensor2D;
  /** The caption that each is the beginning of [prefixes]. */
  owners: tf.Tensor1D;
}

/** Prefixes of like length are worked through together, so that little padding is computed. */
const GROUPS = 4;

/** Every prefix of a batch's captions, in the order of the batch's positions, in groups. */
export function groupPrefixes({ captions, time, positions }: CaptionBatch): PrefixGroup[] {
  const all = positions?.dataSync<"int32">() ??
    Int32Array.from({ length: time * captions }, (_, place) => place);
  const groups: PrefixGroup[] = [];
  for (let group = 1, from = 0; group <= GROUPS; group++) {
    const steps = Math.ceil(time * group / GROUPS);
    let to = from;
    while (to < all.length && all[to] < steps * captions) to++; // positions go up with time
    if (to > from) groups.push(prefixGroup(all.subarray(from, to), steps, captions));
    from = to;
  }
  return groups;
}

function prefixGroup(positions: Int32Array, steps: number, captions: number): PrefixGroup {
  const count = positions.length;
  const lengths = positions.map((place) => Math.floor(place / captions) + 1);
  const places = new Int32Array(steps * count);
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < count; i++) {
      places[step * count + i] = step < lengths[i] ? positions[i] - step * captions : positions[i];
    }
  }
  return {
    steps,
    lengths,
    places: tf.tensor2d(places, [steps, count], "int32"),
    owners: tf.tensor1d(positions.map((place) => place % captions), "int32"),
  };
}
