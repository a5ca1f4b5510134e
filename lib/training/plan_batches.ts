import type { Random } from "../random/mod.ts";

/** Batches that are sorted by length together before they are cut: enough to be alike. */
const BATCHES_PER_GROUP = 32;

/**
 * Which captions go together, for one epoch.
 *
 * @param lengths of the captions
 * @param random where the order comes from; the captions' own order without it
 * @returns indices of captions, batch by batch
 */
export function planBatches(
  lengths: readonly number[],
  batchSize: number,
  groupByLength: boolean,
  random?: Random,
): number[][] {
  const all = lengths.map((_, i) => i);
  const order = random ? random.shuffled(all) : all;
  if (!groupByLength) return chunks(order, batchSize);
  const batches = chunks(order, batchSize * BATCHES_PER_GROUP).flatMap((group) =>
    chunks(group.toSorted((a, b) => lengths[a] - lengths[b]), batchSize)
  );
  return random ? random.shuffled(batches) : batches;
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

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
