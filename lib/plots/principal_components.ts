import { Random } from "../random/mod.ts";

/** What {@linkcode principalComponents} found. */
export interface PrincipalComponents {
  /** Each row's coordinates: [rows][components]. */
  coordinates: number[][];
  /** The part of the whole variance that each component explains, in [0, 1]. */
  explained: number[];
}

/**
 * Projects rows onto their directions of greatest variance, found one after another by power
 * iteration (Hotelling, 1933). A component's sign is such that its largest weight is positive.
 *
 * @param rows of equal length, e.g. [photos][features]
 * @param count number of components; fewer where the rows vary in fewer directions
 * @throws {RangeError} if there are fewer than two rows or their lengths differ
 */
export function principalComponents(
  rows: ArrayLike<number>[],
  count = 2,
  { iterations = 200, tolerance = 1e-9 }: { iterations?: number; tolerance?: number } = {},
): PrincipalComponents {
  if (rows.length < 2) throw new RangeError(`At least two rows are needed, found ${rows.length}`);
  const width = rows[0].length;
  const centred = centre(rows, width);
  const total = centred.reduce((sum, row) => sum + dot(row, row), 0);
  const found: Float64Array[] = [];
  const explained: number[] = [];
  for (let k = 0; k < Math.min(count, width, rows.length - 1); k++) {
    const random = new Random(0, "principal components", k);
    let direction = normalised(Float64Array.from({ length: width }, () => random.normal()), found);
    let variance = 0;
    for (let i = 0; i < iterations && direction !== undefined; i++) {
      const next = new Float64Array(width);
      for (const row of centred) {
        const along = dot(row, direction);
        for (let j = 0; j < width; j++) next[j] += along * row[j];
      }
      const before = variance;
      variance = dot(next, direction);
      direction = normalised(next, found);
      if (Math.abs(variance - before) <= tolerance * total) break;
    }
    if (direction === undefined || variance <= 1e-12 * total) break; // nothing varies any more
    found.push(orient(direction));
    explained.push(variance / total);
  }
  const coordinates = centred.map((row) => found.map((direction) => dot(row, direction)));
  return { coordinates, explained };
}

function centre(rows: ArrayLike<number>[], width: number): Float64Array[] {
  const mean = new Float64Array(width);
  for (const [i, row] of rows.entries()) {
    if (row.length !== width) {
      throw new RangeError(`Row ${i} has ${row.length} values where the first has ${width}`);
    }
    for (let j = 0; j < width; j++) mean[j] += row[j] / rows.length;
  }
  return rows.map((row) => Float64Array.from(row, (value, j) => value - mean[j]));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Scaled to length 1 and orthogonal to the directions found before; undefined if nothing is left. */
function normalised(vector: Float64Array, found: Float64Array[]): Float64Array | undefined {
  for (const other of found) {
    const along = dot(vector, other);
    for (let i = 0; i < vector.length; i++) vector[i] -= along * other[i];
  }
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : undefined;
}

function orient(direction: Float64Array): Float64Array {
  let largest = 0;
  for (const value of direction) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? direction.map((value) => -value) : direction;
}
