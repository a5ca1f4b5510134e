import * as tf from "@tensorflow/tfjs";
import type { CrossEntropyOptions, FusedOps } from "./fused_ops.ts";
import { isDifferentiated } from "./is_differentiated.ts";

/**
 * Logits that exist at once, 16 MB: with what softmax makes of them, some 100 MB. The kernel's
 * gradient is added up once a piece, which costs little as long as a piece has hundreds of rows.
 */
const LOGITS_PER_PIECE = 4 << 20;

/**
 * Mean of `-log softmax(hidden · kernel + bias)[label]` over rows, in nats; with smoothed labels
 * (Szegedy et al., 2016) a share of it is the mean of `-log softmax(…)` over all classes instead.
 *
 * @param hidden [rows, units]
 * @param kernel [units, classes]
 * @param bias [classes]
 * @param labels int32 [rows]
 * @param options `smoothing` is that share; `rowWeights` multiply each row's loss
 */
export function linearCrossEntropy(
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
  fused?: FusedOps,
  options?: CrossEntropyOptions,
): tf.Scalar {
  if (fused) return fused.linearCrossEntropy(hidden, kernel, bias, labels, options);
  return plainLinearCrossEntropy(hidden, kernel, bias, labels, options);
}

/** Options of {@linkcode plainLinearCrossEntropy}. */
export interface PlainOptions extends CrossEntropyOptions {
  /** Rows whose logits exist at once, at least 1. @default {as many as have some millions of logits} */
  rowsPerPiece?: number;
}

/**
 * Output layer, softmax and cross-entropy together in plain TF.js, in pieces of rows, so that the
 * logits of the whole batch never exist: 64 captions of 237 words over 15,817 classes would be
 * 0.96 GB. Where a gradient is asked for, it is worked out piece by piece on the way.
 *
 * @param hidden [rows, units]
 * @param kernel [units, classes]
 * @param bias [classes]
 * @param labels int32 [rows]
 * @returns mean loss of a row in nats
 */
export function plainLinearCrossEntropy(
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
  {
    rowsPerPiece = Math.max(16, Math.floor(LOGITS_PER_PIECE / kernel.shape[1])),
    smoothing = 0,
    rowWeights,
  }: PlainOptions = {},
): tf.Scalar {
  const rows = hidden.shape[0];
  const starts = Array.from({ length: Math.ceil(rows / rowsPerPiece) }, (_, i) => i * rowsPerPiece);
  const pieceOf = (hidden: tf.Tensor2D, start: number): Rows => {
    if (rows <= rowsPerPiece) return { hidden, labels, rowWeights };
    const size = Math.min(rowsPerPiece, rows - start);
    return {
      hidden: tf.slice(hidden, [start, 0], [size, -1]),
      labels: tf.slice(labels, start, size),
      rowWeights: rowWeights && tf.slice(rowWeights, start, size),
    };
  };
  if (!isDifferentiated()) {
    const sums = starts.map((start) =>
      tf.tidy(() => pieceLoss(pieceOf(hidden, start), kernel, bias, smoothing).sum)
    );
    return tf.div(tf.addN(sums), rows);
  }
  const run = tf.customGrad((...args) => {
    const [h, w, b, save] = args as unknown as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const sums: tf.Tensor[] = [];
    const dHidden: tf.Tensor2D[] = [];
    let shared: { dKernel: tf.Tensor; dBias: tf.Tensor } | undefined;
    for (const start of starts) {
      const before: { dKernel: tf.Tensor; dBias: tf.Tensor } | undefined = shared;
      const piece = tf.tidy(() => {
        const part = pieceOf(h, start);
        const { sum, logProbability, target } = pieceLoss(part, w, b, smoothing);
        const off = weighted(tf.sub(tf.exp(logProbability), target), part);
        const difference = tf.div(off, rows) as tf.Tensor2D;
        const dKernel = tf.matMul(part.hidden, difference, true, false);
        const dBias = tf.sum(difference, 0);
        return {
          sum,
          dHidden: tf.matMul(difference, w, false, true) as tf.Tensor2D,
          dKernel: before ? tf.add(before.dKernel, dKernel) : dKernel,
          dBias: before ? tf.add(before.dBias, dBias) : dBias,
        };
      });
      if (before) tf.dispose([before.dKernel, before.dBias]);
      sums.push(piece.sum);
      dHidden.push(piece.dHidden);
      shared = piece;
    }
    save([tf.concat(dHidden, 0), shared!.dKernel, shared!.dBias]);
    return {
      value: tf.div(tf.addN(sums), rows),
      gradFunc: (dy, saved) => saved.map((gradient) => tf.mul(gradient, dy)),
    };
  });
  return run(hidden, kernel, bias) as tf.Scalar;
}

/** Some rows: their inputs [rows, units], labels and weights [rows]. */
interface Rows {
  hidden: tf.Tensor2D;
  labels: tf.Tensor1D;
  rowWeights?: tf.Tensor1D;
}

/** @param x [rows, classes] */
function weighted(x: tf.Tensor, { rowWeights }: Pick<Rows, "rowWeights">): tf.Tensor {
  return rowWeights ? tf.mul(x, tf.expandDims(rowWeights, 1)) : x;
}

/** Sum of the losses of some rows [], their log probabilities and what those should be [rows, classes]. */
function pieceLoss(
  { hidden, labels, rowWeights }: Rows,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  smoothing: number,
): { sum: tf.Tensor; logProbability: tf.Tensor; target: tf.Tensor } {
  const logits = tf.add(tf.matMul(hidden, kernel), bias);
  const logProbability = tf.logSoftmax(logits as tf.Tensor2D);
  // Not as float32 at once: WASM would write the integer's bits.
  const chosen = tf.oneHot(labels, kernel.shape[1]).toFloat();
  const target = smoothing === 0
    ? chosen
    : tf.add(tf.mul(chosen, 1 - smoothing), smoothing / kernel.shape[1]);
  const sum = tf.neg(tf.sum(weighted(tf.mul(logProbability, target), { rowWeights })));
  return { sum, logProbability, target };
}
