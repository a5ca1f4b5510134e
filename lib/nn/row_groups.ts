import * as tf from "@tensorflow/tfjs";
import { isDifferentiated } from "./is_differentiated.ts";

/**
 * Rows that belong to groups, as words do to captions. What knows no groups computes the rows alone; what
 * does gets every group filled up to the largest.
 */
export interface RowGroups {
  /** How many groups. */
  readonly groups: number;
  /** Rows of the largest. */
  readonly size: number;
  /**
   * Group by group, zeros where one has fewer rows.
   *
   * @param x [rows, width]
   * @returns [groups × size, width]
   */
  pad(x: tf.Tensor2D): tf.Tensor2D;
  /**
   * The other way round.
   *
   * @param x [groups × size, width]
   * @returns [rows, width]
   */
  unpad(x: tf.Tensor2D): tf.Tensor2D;
}

/** Rows in the order of their groups, equally many in each. */
export function evenGroups(rows: number, groups: number): RowGroups {
  return { groups, size: rows / groups, pad: (x) => x, unpad: (x) => x };
}

/**
 * Groups of rows in any order; a group's rows stay in theirs.
 *
 * @param groupOf of each row, from 0 to `groups` − 1
 */
export function rowGroups(groupOf: ArrayLike<number>, groups: number): RowGroups {
  const rows = groupOf.length;
  const counts = new Int32Array(groups);
  const within = Array.from(groupOf, (group) => counts[group]++);
  const size = Math.max(...counts);
  const placeOf = Int32Array.from(within, (n, row) => groupOf[row] * size + n);
  if (rows === groups * size && placeOf.every((place, row) => place === row)) {
    return evenGroups(rows, groups);
  }
  const rowAt = new Int32Array(groups * size).fill(rows); // beyond the last: a row of zeros
  placeOf.forEach((place, row) => rowAt[place] = row);
  return {
    groups,
    size,
    pad: (x) => moved(x, rowAt, placeOf),
    unpad: (x) => moved(x, placeOf, rowAt),
  };
}

/**
 * Each row of `x` at its new place. As it has one at most, the gradient is the way back, which a segment
 * sum would take longer for.
 *
 * @param there row of each place; beyond the last row: zeros
 * @param back place of each row; beyond the last place: none
 */
function moved(x: tf.Tensor2D, there: Int32Array, back: Int32Array): tf.Tensor2D {
  if (!isDifferentiated()) return taken(x, there);
  const run = tf.customGrad((...args) => ({
    value: taken(args[0] as tf.Tensor2D, there),
    gradFunc: (dy: tf.Tensor) => taken(dy as tf.Tensor2D, back),
  }));
  return run(x) as tf.Tensor2D;
}

function taken(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  return tf.tidy(() => {
    const [count, width] = x.shape;
    const isBeyond = rows.some((row) => row >= count);
    const all = isBeyond ? tf.concat([x, tf.zeros([1, width])]) as tf.Tensor2D : x;
    return tf.gather(all, tf.tensor1d(rows, "int32"));
  });
}
