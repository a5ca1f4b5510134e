import type { Weights } from "../../nn/mod.ts";
import type { KerasLayer } from "./graph.ts";
import { scaledGates } from "./keras3_gates.ts";
import { refused } from "./refused.ts";

/** What a layer that a decoder does not have changes in the weights of its neighbours. */
export type Fold =
  /** A normalisation of what some rows of a kernel read (all of them by default). */
  | { kind: "before"; norm: KerasLayer; weights: string; rows?: "first" | "last" }
  /** A normalisation of what a dense layer without activation gives. */
  | { kind: "after"; norm: KerasLayer; weights: string }
  /** A normalisation of a dense layer with ReLU whose output another one reads with others. */
  | { kind: "after ReLU"; norm: KerasLayer; weights: string; reader: string }
  /** A normalisation of embeddings. */
  | { kind: "embeddings"; norm: KerasLayer; weights: string }
  /** Rows of a kernel in another order: the last ones first. */
  | { kind: "roll"; weights: string; rows: number }
  /** Two vectors that were added become one beside the other: the rows twice. */
  | { kind: "double"; weights: string }
  /** The slope of Keras 3's hard_sigmoid, 1/6, where that of Keras 2 is 1/5. */
  | { kind: "gates"; weights: string; cell: "lstm" | "gru" };

/** Scale and shift of a batch normalisation when captions are made. */
interface Affine {
  scale: Float64Array;
  shift: Float64Array;
}

/** A kernel and the part of its bias that is added to it. */
interface Linear {
  kernel: Float32Array;
  bias: Float32Array;
  columns: number;
}

/**
 * Changes weights in place, each fold in its turn.
 *
 * @param norms the arrays of each normalisation: gamma, beta (where it has them), mean, variance
 * @throws {RangeError} naming a normalisation that cannot be multiplied into the weights
 */
export function applyFolds(
  folds: readonly Fold[],
  weights: Weights,
  norms: (layer: KerasLayer) => Float32Array[],
): void {
  for (const fold of folds) {
    const { kernel, bias, columns } = linearOf(weights, fold.weights);
    if (fold.kind === "roll") rollRows(kernel, fold.rows * columns);
    else if (fold.kind === "double") kernel.copyWithin(kernel.length / 2, 0, kernel.length / 2);
    else if (fold.kind === "gates") scaleGates(weights, fold);
    else {
      const affine = affineOf(fold.norm, norms(fold.norm));
      if (fold.kind === "before") before(kernel, bias, columns, affine, fold.rows);
      else if (fold.kind === "after") after(kernel, bias, columns, affine);
      else if (fold.kind === "embeddings") after(kernel, undefined, columns, affine);
      else {
        if (affine.scale.some((s) => s <= 0)) {
          throw refused(
            fold.norm,
            "has factors below 0 after a ReLU, which cannot be multiplied into the weights",
          );
        }
        const { shift } = affine;
        after(kernel, bias, columns, { scale: affine.scale, shift: shift.map(() => 0) });
        const reader = linearOf(weights, fold.reader);
        addShift(reader.kernel, reader.bias, reader.columns, shift, 0);
      }
    }
  }
}

function linearOf(weights: Weights, name: string): Linear {
  const kernel = weights.get(`${name}/kernel`) ?? weights.get(`${name}/embeddings`)!;
  const bias = weights.get(`${name}/bias`)?.data ?? new Float32Array();
  const columns = kernel.shape[1];
  return { kernel: kernel.data, bias: bias.subarray(0, columns), columns };
}

function affineOf(norm: KerasLayer, arrays: Float32Array[]): Affine {
  const { config } = norm;
  const expected = 2 + Number(config.scale !== false) + Number(config.center !== false);
  if (arrays.length !== expected) {
    throw refused(norm, `has ${arrays.length} arrays in the file, not ${expected}`);
  }
  const [mean, variance] = arrays.slice(-2);
  const gamma = config.scale === false ? undefined : arrays[0];
  const beta = config.center === false ? undefined : arrays[gamma === undefined ? 0 : 1];
  const epsilon = Number(config.epsilon ?? 1e-3);
  const scale = Float64Array.from(
    mean,
    (_, i) => (gamma?.[i] ?? 1) / Math.sqrt(variance[i] + epsilon),
  );
  return { scale, shift: scale.map((s, i) => (beta?.[i] ?? 0) - s * mean[i]) };
}

/** What the kernel reads is scaled and shifted. */
function before(
  kernel: Float32Array,
  bias: Float32Array,
  columns: number,
  { scale, shift }: Affine,
  rows?: "first" | "last",
): void {
  const first = rows === "last" ? kernel.length / columns - scale.length : 0;
  addShift(kernel, bias, columns, shift, first);
  scale.forEach((s, i) => {
    const at = (first + i) * columns;
    for (let j = at; j < at + columns; j++) kernel[j] *= s;
  });
}

/** Adds to a bias what a kernel makes of a constant. */
function addShift(
  kernel: Float32Array,
  bias: Float32Array,
  columns: number,
  shift: Float64Array,
  first: number,
): void {
  const sum = Float64Array.from(bias);
  shift.forEach((t, i) => {
    const at = (first + i) * columns;
    for (let j = 0; j < columns; j++) sum[j] += t * kernel[at + j];
  });
  bias.set(sum);
}

/** What comes out is scaled and shifted. */
function after(
  kernel: Float32Array,
  bias: Float32Array | undefined,
  columns: number,
  { scale, shift }: Affine,
): void {
  for (let i = 0; i < kernel.length; i++) {
    const j = i % columns;
    kernel[i] = kernel[i] * scale[j] + (bias === undefined ? shift[j] : 0);
  }
  bias?.forEach((b, j) => bias[j] = b * scale[j] + shift[j]);
}

/** Moves the numbers after `count` to the front. */
function rollRows(data: Float32Array, count: number): void {
  const first = data.slice(0, count);
  data.copyWithin(0, count);
  data.set(first, data.length - count);
}

/** A hard_sigmoid of slope 1/6 is one of slope 1/5 of 5/6 as much. */
function scaleGates(weights: Weights, { weights: name, cell }: Fold & { kind: "gates" }): void {
  for (const array of ["kernel", "recurrent_kernel", "bias"]) {
    const weight = weights.get(`${name}/${array}`)!;
    weight.data = scaledGates(weight.data, weight.shape.at(-1)!, cell, 5 / 6);
  }
}
