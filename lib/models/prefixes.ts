import * as tf from "@tensorflow/tfjs";

/** The beginnings of captions that end at neighbouring words, all captions of a batch side by side. */
export interface PrefixGroup {
  /** Words of each prefix, one after the other: 3, 4, 5 for those that end at the third to fifth. */
  lengths: number[];
  /**
   * Where each word stands in the batch's flattened [time, captions], the last word first
   * [steps, lengths × captions], steps being the greatest length; beyond a prefix' first word any
   * position.
   */
  positions: tf.Tensor2D;
}

/** Prefixes of similar length are worked through together, so that little padding is computed. */
const GROUPS = 4;

/** Every prefix of captions of up to `time` words, shorter ones first. */
export function groupPrefixes(time: number, captions: number): PrefixGroup[] {
  const groups: PrefixGroup[] = [];
  for (let group = 1, from = 0; group <= GROUPS; group++) {
    const to = Math.ceil(time * group / GROUPS);
    if (to > from) groups.push(prefixGroup(from, to, captions));
    from = to;
  }
  return groups;
}

/** Prefixes that end at the positions from `from` to `steps`, which itself is not one. */
function prefixGroup(from: number, steps: number, captions: number): PrefixGroup {
  const lengths = Array.from({ length: steps - from }, (_, i) => from + i + 1);
  const count = lengths.length * captions;
  const positions = new Int32Array(steps * count);
  for (let step = 0, at = 0; step < steps; step++) {
    for (const length of lengths) {
      const word = Math.max(0, length - 1 - step);
      for (let caption = 0; caption < captions; caption++) {
        positions[at++] = word * captions + caption;
      }
    }
  }
  return { lengths, positions: tf.tensor2d(positions, [steps, count], "int32") };
}
