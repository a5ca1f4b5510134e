/** What BLEU needs to know of one candidate or, summed, of many. */
export interface NgramMatches {
  /** Words of the candidate. */
  length: number;
  /** Words of the reference nearest in length, the shorter of two equally near. */
  referenceLength: number;
  /** N-grams of the candidate that references hold too, each as often as one reference does; by n - 1. */
  matches: number[];
  /** N-grams of the candidate; by n - 1. */
  totals: number[];
}

/**
 * Counts a candidate's n-grams, n from 1 to `order`, and those among them that
 * references hold (Papineni et al. 2002: clipped by the most in one reference).
 *
 * The candidate's n-grams make a trie; a reference is walked only along it, so
 * that most of its words cost one look-up.
 *
 * @throws {RangeError} if there are no references
 */
export function ngramMatches(
  candidate: readonly string[],
  references: readonly (readonly string[])[],
  order: number,
): NgramMatches {
  if (references.length === 0) throw new RangeError("A candidate without references has no score");
  const words = new Map<string, number>();
  const ids = candidate.map((word) => {
    let id = words.get(word);
    if (id === undefined) words.set(word, id = words.size);
    return id;
  });
  const children = new Map<number, number>(); // node * (different words) + word → node
  const counts = [0]; // of the candidate, by node; node 0 is the empty n-gram
  const depths = [0];
  for (let i = 0; i < ids.length; i++) {
    for (let n = 0, node = 0; n < order && i + n < ids.length; n++) {
      const key = node * words.size + ids[i + n];
      let child = children.get(key);
      if (child === undefined) {
        child = counts.length;
        children.set(key, child);
        counts.push(0);
        depths.push(n + 1);
      }
      counts[child]++;
      node = child;
    }
  }
  const most = new Int32Array(counts.length); // in one reference
  const here = new Int32Array(counts.length); // in this reference
  for (const reference of references) {
    here.fill(0);
    for (let i = 0; i < reference.length; i++) {
      for (let n = 0, node = 0; n < order && i + n < reference.length; n++) {
        const id = words.get(reference[i + n]);
        if (id === undefined) break;
        const child = children.get(node * words.size + id);
        if (child === undefined) break; // and so no longer n-gram from here either
        node = child;
        if (++here[node] > most[node]) most[node] = here[node];
      }
    }
  }
  const matches = new Array<number>(order).fill(0);
  for (let node = 1; node < counts.length; node++) {
    matches[depths[node] - 1] += Math.min(counts[node], most[node]);
  }
  const totals = Array.from({ length: order }, (_, i) => Math.max(0, ids.length - i));
  return { length: ids.length, referenceLength: nearest(ids.length, references), matches, totals };
}

function nearest(length: number, references: readonly (readonly string[])[]): number {
  let best = references[0].length;
  for (const reference of references) {
    const nearer = Math.abs(reference.length - length) - Math.abs(best - length);
    if (nearer < 0 || (nearer === 0 && reference.length < best)) best = reference.length;
  }
  return best;
}
