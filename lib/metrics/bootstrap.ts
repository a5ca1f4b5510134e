import { Random } from "../random/mod.ts";
import type { Sampler, Scores } from "./metric.ts";

/** How often and how photos are drawn again. */
export interface BootstrapSettings {
  /** Times that as many photos as there are are drawn from them. @default {1000} */
  resamples: number;
  /** Share of the resamples whose scores lie within an interval. @default {0.95} */
  confidence: number;
  /** Photos are drawn from it. @default {1} */
  seed: number;
}

/** Where a score may lie, had other photos of the same kind been captioned. */
export interface Interval {
  /** The lower end. */
  low: number;
  /** The upper end. */
  high: number;
}

/**
 * Confidence intervals of a corpus' scores by the percentile bootstrap over photos (Efron 1979): photos
 * are drawn with replacement, and the middle of the scores so found is the interval.
 *
 * @param photos number of photos, at least 1
 * @returns by the scores' names
 */
export function bootstrapIntervals(
  sampler: Sampler,
  photos: number,
  settings: BootstrapSettings,
): Record<string, Interval> {
  const all = [...resamples(photos, settings)].map(sampler);
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((name) => [
      name,
      middle(all.map((scores) => scores[name]), settings.confidence),
    ]),
  );
}

/** What the second of two candidates for each photo has over the first, in one score. */
export interface PairedDifference extends Interval {
  /** Of the whole corpus, second minus first. */
  difference: number;
  /** How likely a difference as large is by chance where there is none, two-sided. */
  p: number;
}

/**
 * The paired bootstrap test (Koehn 2004, two-sided): the same photos are drawn for both, and their
 * differences, shifted to the mean of 0 that they would have without a difference, show how often
 * chance alone gives one as large.
 *
 * @param photos number of photos that both have candidates for
 * @returns by the names of scores that both have
 */
export function pairedBootstrap(
  first: Sampler,
  second: Sampler,
  photos: number,
  settings: BootstrapSettings,
): Record<string, PairedDifference> {
  const difference = (chosen: ArrayLike<number>): Scores => {
    const [a, b] = [first(chosen), second(chosen)];
    const names = Object.keys(a).filter((name) => name in b);
    return Object.fromEntries(names.map((name) => [name, b[name] - a[name]]));
  };
  const whole = difference(Array.from({ length: photos }, (_, i) => i));
  const all = [...resamples(photos, settings)].map(difference);
  return Object.fromEntries(
    Object.entries(whole).map(([name, observed]) => {
      const found = all.map((scores) => scores[name]);
      const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
      const asLarge = found.filter((value) => Math.abs(value - mean) >= Math.abs(observed)).length;
      // One photo says nothing of others, though its difference is always the same.
      const p = photos < 2 ? 1 : (asLarge + 1) / (found.length + 1);
      return [name, { difference: observed, ...middle(found, settings.confidence), p }];
    }),
  );
}

/** Indices of photos, drawn with replacement. */
function* resamples(
  photos: number,
  { resamples, seed }: BootstrapSettings,
): Generator<Int32Array> {
  for (let i = 0; i < resamples; i++) {
    const random = new Random(seed, "bootstrap", i);
    yield Int32Array.from({ length: photos }, () => random.integer(0, photos));
  }
}

/** The interval that leaves out as much on either side; between two values in proportion. */
function middle(values: readonly number[], confidence: number): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  };
  const left = (1 - confidence) / 2;
  return { low: at(left), high: at(1 - left) };
}
