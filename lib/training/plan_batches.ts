import type { Random } from "../random/mod.ts";

/** Batches that are sorted by length together before they are cut: enough to be alike. */
const BATCHES_PER_GROUP = 32;

/**
 * Which captions go together, for one epoch.
 *
 * @param lengths of the captions
 * @param random where the order comes from; the captions' own order without it
 * @param together what captions belong to that stay in one batch, such as their photos
 * @returns indices of captions, batch by batch
 */
export function planBatches(
  lengths: readonly number[],
  batchSize: number,
  groupByLength: boolean,
  random?: Random,
  together?: readonly string[],
): number[][] {
  const all = lengths.map((_, i) => i);
  const own = together ? [...Map.groupBy(all, (i) => together[i]).values()] : all.map((i) => [i]);
  const units = own.map((captions) => captions.toSorted((a, b) => lengths[b] - lengths[a]));
  const order = random ? random.shuffled(units) : units;
  if (!groupByLength) return batchesOf(order, batchSize);
  const batches = chunks(order, batchSize * BATCHES_PER_GROUP).flatMap((group) =>
    batchesOf(group.toSorted(byLengths(lengths)), batchSize)
  );
  return random ? random.shuffled(batches) : batches;
}

/** By the longest caption, those alike by the next, and so on. */
function byLengths(lengths: readonly number[]): (a: number[], b: number[]) => number {
  return (a, b) => {
    const differing = a.findIndex((index, i) => i >= b.length || lengths[index] !== lengths[b[i]]);
    if (differing < 0) return a.length - b.length;
    return differing >= b.length ? 1 : lengths[a[differing]] - lengths[b[differing]];
  };
}

/**
 * The first batches of a plan that together have at least this many words to predict.
 *
 * @param lengths of the captions, markers included
 * @returns at least one batch
 */
export function takeWords(
  plan: number[][],
  lengths: readonly number[],
  words: number,
): number[][] {
  let found = 0;
  const end = plan.findIndex((batch) => {
    found += batch.reduce((sum, index) => sum + lengths[index] - 1, 0);
    return found >= words;
  });
  return end < 0 ? plan : plan.slice(0, end + 1);
}

/** Batches of so many captions, or fewer where the next that belong together would be too many. */
function batchesOf(units: readonly (readonly number[])[], batchSize: number): number[][] {
  return chunks(units, batchSize).map((units) => units.flat());
}

/** What has a length, in order, in chunks that add up to a size at most; never an empty one. */
function chunks<T extends { length: number }>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  let room = 0;
  for (const item of items) {
    if (item.length > room || all.length === 0) {
      all.push([]);
      room = size;
    }
    all.at(-1)!.push(item);
    room -= item.length;
  }
  return all;
}
