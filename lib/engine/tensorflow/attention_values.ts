import type { FunctionBody, Value } from "./function_body.ts";

/** Sizes of an attention LSTM and of what it looks at. */
export interface AttentionSizes {
  photos: number;
  heads: number;
  regions: number;
  /** Of a region, a head's. */
  part: number;
  units: number;
  /** Whether it can look at what it remembers. */
  sentinel: boolean;
}

/** Keys and values of regions [photos, heads, regions, part]. */
export interface Memory {
  keys: Value;
  values: Value;
}

/** Weights, as `AttentionLstmArrays` in `lib/nn/` has them. */
export interface AttentionWeights {
  recurrent: Value;
  bias: Value;
  context: Value;
  sentinel?: Value;
}

/** What the backward pass needs of a step: its state and gates, and what it saw. */
const OF_STEP = ["h", "c", "i", "f", "candidate", "o", "query", "shares", "seen", "open"] as const;

/** What it needs of a sentinel: its gate, its key and value, and its share. */
const OF_SENTINEL = ["gate", "key", "value", "share"] as const;

/** A step's values that the backward pass needs. */
export type Kept =
  & Record<typeof OF_STEP[number], Value>
  & Partial<Record<typeof OF_SENTINEL[number], Value>>;

/** Names of these values, in the order in which one function returns and the other reads them. */
export function keptNames(sentinel: boolean): readonly (keyof Kept)[] {
  return sentinel ? [...OF_STEP, ...OF_SENTINEL] : OF_STEP;
}

/** What a sentinel's score is multiplied by; the regions' keys are scaled already. */
export function scaleOf(body: FunctionBody, { part }: AttentionSizes): Value {
  return body.number(1 / Math.sqrt(part));
}

/** @param x [rows, heads × part] @returns [photos, heads, rows of a photo, part] */
export function byPhoto(
  body: FunctionBody,
  x: Value,
  { photos, heads, part }: Pick<AttentionSizes, "photos" | "heads" | "part">,
): Value {
  return body.transpose(body.reshape(x, [-1, photos, heads, part]), [1, 2, 0, 3]);
}

/** The other way round. @param width heads × part */
export function byRow(body: FunctionBody, x: Value, width: number): Value {
  return body.reshape(body.transpose(x, [2, 0, 1, 3]), [-1, width]);
}
