import type { Words } from "./metric.ts";
import { ReferenceNgrams } from "./reference_ngrams.ts";

/** A modified n-gram precision: matches of n-grams in all. */
export interface Precision {
  matches: number;
  /** At least 1. */
  total: number;
}

/** What a smoothing method may use besides the precisions. */
export interface SmoothingContext {
  /** Words of all candidates. */
  length: number;
  /** The last candidate; of a corpus NLTK's methods 5, 6 and 7 use it alone. */
  candidate: Words;
  /** Its references. */
  references: readonly Words[];
}

/** Maps the precisions, n from 1 on, to the values used in the geometric mean. */
export type Smoothing = (precisions: readonly Precision[], context: SmoothingContext) => number[];

const value = ({ matches, total }: Precision) => matches / total;

/** Least positive normal number, which NLTK uses for 0. */
const FLOAT_MIN = 2 ** -1022;

const none: Smoothing = (precisions) =>
  precisions.map((p) => p.matches === 0 ? FLOAT_MIN : value(p));

const epsilon: Smoothing = (precisions) =>
  precisions.map((p) => p.matches === 0 ? 0.1 / p.total : value(p));

const addOne: Smoothing = (precisions) =>
  precisions.map((p, i) => i === 0 ? value(p) : (p.matches + 1) / (p.total + 1));

const halving: Smoothing = (precisions) => {
  let divisor = 1;
  return precisions.map((p) => p.matches === 0 ? 1 / ((divisor *= 2) * p.total) : value(p));
};

const halvingByLength: Smoothing = (precisions, { length }) => {
  let divisor = 1;
  return precisions.map((p) =>
    p.matches === 0 && length > 1 ? Math.log(length) / ((divisor *= 2) * 5 * p.total) : value(p)
  );
};

const averaged = (values: readonly number[], context: SmoothingContext): number[] => {
  const { matches, totals } = new ReferenceNgrams(context.references, 5).match(context.candidate);
  const next = [...values.slice(1), matches[4] / Math.max(1, totals[4])];
  let before = values[0] + 1;
  return values.map((p, i) => before = (before + p + next[i]) / 3);
};

const average: Smoothing = (precisions, context) => averaged(precisions.map(value), context);

const interpolated: Smoothing = (precisions, { candidate }) => {
  if (precisions.length < 3 || precisions[2].matches === 0) {
    throw new RangeError(
      "Smoothing method6 (interpolated) is defined only for candidates with a matching 3-gram " +
        "and weights for n-grams up to 3 or more; choose another method",
    );
  }
  const values = precisions.map(value);
  for (let i = 2; i < values.length; i++) {
    const prior = values[i - 2] === 0 ? 0 : values[i - 1] ** 2 / values[i - 2];
    const total = Math.max(0, candidate.length - i);
    values[i] = (precisions[i].matches + 5 * prior) / (total + 5);
  }
  return values;
};

const averageByLength: Smoothing = (precisions, context) =>
  averaged(halvingByLength(precisions, context), context);

/** NLTK's smoothing methods (Chen and Cherry 2014), by name. */
export const smoothings = {
  /** Method 0: a precision of 0 becomes the least positive number, and BLEU close to 0. */
  none,
  /** Method 1: 0.1 in place of 0 matches. */
  epsilon,
  /** Method 2: one match and one n-gram more from n = 2 on (Lin and Och 2004). */
  addOne,
  /** Method 3: 1/2, 1/4, … in place of 0 matches (NIST). */
  halving,
  /** Method 4: as method 3, and fewer for short candidates. */
  halvingByLength,
  /** Method 5: mean of the precisions for n - 1, n and n + 1. */
  average,
  /** Method 6: with a prior from the two shorter n-grams (Gao and He 2013). */
  interpolated,
  /** Method 7: method 4, then 5. */
  averageByLength,
} satisfies Record<string, Smoothing>;

/** Name of a smoothing method. */
export type SmoothingName = keyof typeof smoothings;

const names = Object.keys(smoothings) as SmoothingName[];

/** All that {@linkcode smoothingName} accepts: names, NLTK's `method0` to `method7`, and `0` to `7`. */
export const smoothingAliases: string[] = [
  ...names,
  ...names.map((_, i) => `method${i}`),
  ...names.map((_, i) => `${i}`),
];

/**
 * The name of a smoothing method given by name, by NLTK's (`method3`) or by number.
 *
 * @throws {RangeError} if there is no such method
 */
export function smoothingName(alias: string): SmoothingName {
  const position = smoothingAliases.indexOf(alias);
  if (position < 0) {
    throw new RangeError(
      `There is no smoothing "${alias}"; there are ${smoothingAliases.join(", ")}`,
    );
  }
  return names[position % names.length];
}
