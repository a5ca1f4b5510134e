import * as tf from "@tensorflow/tfjs";
import { type Arithmetic, type CrossEntropyOptions, isDifferentiated } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import {
  type Piece,
  type PieceGradients,
  pieceGradients,
  pieceLoss,
} from "./linear_cross_entropy_piece.ts";

/**
 * Logits that exist at once: 29 MB, just below the blocks that glibc gives back to the kernel at
 * once. Smaller pieces cost more (the kernel's gradient is added up once a piece), at 4 MB a
 * tenth of the step.
 */
const LOGITS_PER_PIECE = 7 << 20;

/**
 * Output layer, softmax and cross-entropy together, in pieces of rows; the
 * gradients are computed on the way, so that the logits of the whole batch
 * never exist.
 *
 * Smoothed labels take no more passes over the logits: a label's logit counts by 1 − smoothing, and
 * the mean over all classes is that of a layer whose kernel and bias are means over the classes.
 *
 * @param arithmetic that of its products; all the rest is float32
 * @param hidden [rows, units]
 * @param kernel [units, classes]
 * @param bias [classes]
 * @param labels int32 [rows]
 * @returns mean loss of a row in nats, each times its weight
 */
export function linearCrossEntropy(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
  { smoothing = 0, rowWeights }: CrossEntropyOptions = {},
): tf.Scalar {
  const labelShare = 1 - smoothing;
  const withMean = (loss: tf.Scalar): tf.Scalar =>
    smoothing === 0
      ? loss
      : tf.sub(loss, tf.mul(meanLogit(hidden, kernel, bias, rowWeights), smoothing)) as tf.Scalar;
  const rows = hidden.shape[0];
  const inPieces = <T extends tf.TensorContainer>(work: (piece: Piece) => T): T[] => {
    const rowsPerPiece = Math.max(16, Math.floor(LOGITS_PER_PIECE / kernel.shape[1]));
    return Array.from({ length: Math.ceil(rows / rowsPerPiece) }, (_, i) => {
      const start = i * rowsPerPiece;
      const size = Math.min(rowsPerPiece, rows - start);
      return tf.tidy(() =>
        work({
          hidden: tf.slice(hidden, [start, 0], [size, -1]),
          kernel,
          bias,
          labels: tf.slice(labels, start, size),
          rowWeights: rowWeights && tf.slice(rowWeights, start, size),
          labelShare,
        })
      );
    });
  };
  if (!isDifferentiated()) {
    const losses = inPieces((piece) => pieceLoss(backend, arithmetic, piece));
    return withMean(tf.div(tf.addN(losses), rows));
  }
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    let sums: SharedGradients | undefined; // of the pieces so far
    const pieces = inPieces((piece) => {
      const found = pieceGradients(backend, arithmetic, piece, rows);
      const all = sums ? { ...found, ...sumOf(found, sums) } : found;
      sums = all;
      return all;
    });
    const { dKernel, dBias } = pieces.at(-1)!;
    save([tf.concat(pieces.map((piece) => piece.dHidden), 0), dKernel, dBias]);
    return {
      value: tf.div(tf.addN(pieces.map((piece) => piece.loss)), rows),
      gradFunc: (dy, saved) => saved.map((gradient) => scaled(gradient, dy)),
    };
  });
  return withMean(run(hidden, kernel, bias) as tf.Scalar);
}

/** The mean of all logits, each row's times its weight; they need not exist for it. */
function meanLogit(
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  rowWeights: tf.Tensor1D | undefined,
): tf.Tensor {
  if (rowWeights === undefined) {
    return tf.add(tf.dot(tf.mean(hidden, 0), tf.mean(kernel, 1)), tf.mean(bias));
  }
  const ofRows = tf.add(tf.dot(hidden, tf.mean(kernel, 1)), tf.mean(bias));
  return tf.mean(tf.mul(ofRows, rowWeights));
}

type SharedGradients = Pick<PieceGradients, "dKernel" | "dBias">;

/** Uses up both. */
function sumOf(piece: SharedGradients, before: SharedGradients): SharedGradients {
  const sum = (a: tf.Tensor, b: tf.Tensor) => {
    const total = tf.add(a, b);
    a.dispose();
    b.dispose();
    return total;
  };
  return {
    dKernel: sum(piece.dKernel, before.dKernel),
    dBias: sum(piece.dBias, before.dBias),
  };
}

/** The loss is usually the end of the tape: multiplying by one would cost a pass over memory. */
function scaled(gradient: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return dy.dataSync()[0] === 1 ? gradient.clone() : tf.mul(gradient, dy);
}
