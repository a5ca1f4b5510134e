import * as tf from "@tensorflow/tfjs";
import type { Arithmetic } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { FunctionBody, Value } from "./function_body.ts";
import { callFunction, type GraphFunction } from "./graph_function.ts";

/** Sums of exponentials outside of this range say that they lost precision or overflowed. */
const SMALLEST_SUM = 1e-25;
const LARGEST_SUM = 1e30;

/** Output layer and labels of some rows. */
export interface Piece {
  /** [rows, units] */
  hidden: tf.Tensor2D;
  /** [units, classes] */
  kernel: tf.Tensor2D;
  /** [classes] */
  bias: tf.Tensor1D;
  /** int32 [rows] */
  labels: tf.Tensor1D;
  /** What a label's logit counts by in the loss, below 1 where labels are smoothed. */
  labelShare: number;
  /** What each row's loss is multiplied by [rows]; absent: ones. */
  rowWeights?: tf.Tensor1D;
}

/** Sum over a piece's rows of log Σ exp(logits) − {@linkcode Piece.labelShare} · the label's logit, each times its weight. */
export function pieceLoss(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
  piece: Piece,
): tf.Tensor {
  const [, loss] = checked(backend, arithmetic, inputsOf(piece), {
    name: nameOf("loss", piece),
    outputs: 2,
    build: (body, [hidden, kernel, bias, positions, ...others], isShifted) => {
      const logits = body.linear(hidden, kernel, bias);
      const labels = { positions, ...optional(piece, others), isShifted };
      const { sums, loss } = losses(body, logits, labels);
      return [sums, loss];
    },
  });
  return loss;
}

/** The same, and its gradients divided by so many rows. */
export interface PieceGradients extends tf.TensorContainerObject {
  loss: tf.Tensor;
  /** [rows of the piece, units] */
  dHidden: tf.Tensor2D;
  /** [units, classes] */
  dKernel: tf.Tensor;
  /** [classes] */
  dBias: tf.Tensor;
}

/**
 * The matrix of probabilities is never formed: the exponentials stand for it, the label's entry
 * lowered by their sum, and the division by the sum is done on the narrow side of the two products
 * that follow. Within the function all of this happens where the logits stood in memory.
 *
 * @param rows of all pieces
 */
export function pieceGradients(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
  piece: Piece,
  rows: number,
): PieceGradients {
  const inputs = [tf.scalar(1 / rows), ...inputsOf(piece)];
  const [, loss, dHidden, dKernel, dBias] = checked(backend, arithmetic, inputs, {
    name: nameOf("gradients", piece),
    outputs: 5,
    build: (body, [share, hidden, kernel, bias, positions, ...others], isShifted) => {
      const logits = body.linear(hidden, kernel, bias);
      const { labelShare, rowWeights } = optional(piece, others);
      const labels = { positions, labelShare, rowWeights, isShifted };
      const { exponentials, sums, loss } = losses(body, logits, labels);
      const lowered = body.reshape(sums, [-1]);
      const difference = body.scatterSub(
        exponentials,
        positions,
        labelShare === undefined ? lowered : body.mul(lowered, labelShare),
      );
      const shares = body.op("RealDiv", [share, sums]); // [rows, 1]
      const weight = rowWeights ? body.mul(shares, body.reshape(rowWeights, [-1, 1])) : shares;
      return [
        sums,
        loss,
        body.mul(body.matMul(difference, kernel, { transposeB: true }), weight),
        body.matMul(body.mul(hidden, weight), difference, { transposeA: true }),
        body.reshape(body.exactMatMul(weight, difference, { transposeA: true }), [-1]),
      ];
    },
  });
  return { loss, dHidden: dHidden as tf.Tensor2D, dKernel, dBias };
}

function inputsOf({ hidden, kernel, bias, labels, labelShare, rowWeights }: Piece): tf.Tensor[] {
  const rows = tf.range(0, hidden.shape[0], 1, "int32");
  return [
    ...[hidden, kernel, bias, tf.stack([rows, labels], 1)],
    ...labelShare === 1 ? [] : [tf.scalar(labelShare)],
    ...rowWeights ? [rowWeights] : [],
  ];
}

/** What a function's inputs after the first are: those that the piece has. */
function optional(
  { labelShare, rowWeights }: Piece,
  inputs: readonly Value[],
): Pick<Labels, "labelShare" | "rowWeights"> {
  const left = [...inputs];
  return {
    labelShare: labelShare === 1 ? undefined : left.shift(),
    rowWeights: rowWeights && left.shift(),
  };
}

function nameOf(work: string, { labelShare, rowWeights }: Piece): string {
  return work + (labelShare === 1 ? "" : "_smoothed") + (rowWeights ? "_weighted" : "");
}

interface Labels {
  /** Of their logits [rows, 2] */
  positions: Value;
  /** A scalar; undefined for 1. */
  labelShare: Value | undefined;
  /** [rows]; undefined for ones. */
  rowWeights: Value | undefined;
  /** Whether each row's largest logit is subtracted first. */
  isShifted: boolean;
}

function losses(
  body: FunctionBody,
  logits: Value,
  { positions, labelShare, rowWeights, isShifted }: Labels,
): { exponentials: Value; sums: Value; loss: Value } {
  const largest = isShifted ? body.ofRows("Max", logits) : undefined;
  const shifted = largest ? body.op("Sub", [logits, largest]) : logits;
  const chosen = body.gatherAt(shifted, positions); // [rows]
  // Afterwards nothing else reads the logits, so that the exponentials take their memory.
  const exponentials = body.after(chosen, "Exp", [shifted]);
  const sums = body.ofRows("Sum", exponentials); // [rows, 1]
  const logSums = body.reshape(body.op("Log", [sums]), [-1]);
  const back = (x: Value) => largest ? body.add(x, body.reshape(largest, [-1])) : x;
  const difference = labelShare === undefined
    ? body.op("Sub", [logSums, chosen]) // what was subtracted from both does not matter
    : body.op("Sub", [back(logSums), body.mul(back(chosen), labelShare)]);
  const weighted = rowWeights ? body.mul(difference, rowWeights) : difference;
  return { exponentials, sums, loss: body.sum(weighted) };
}

interface Work {
  name: string;
  outputs: number;
  build(body: FunctionBody, inputs: Value[], isShifted: boolean): Value[];
}

/**
 * Runs a function whose first result are the sums of exponentials; where one of them lost precision
 * or overflowed, once more with each row's largest logit subtracted, which takes longer.
 */
function checked(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
  inputs: tf.Tensor[],
  { name, outputs, build }: Work,
): tf.Tensor[] {
  const run = (isShifted: boolean) => {
    const work: GraphFunction = {
      name: `linear_cross_entropy_${name}${isShifted ? "_shifted" : ""}`,
      arithmetic,
      outputs,
      build: (body, inputs) => build(body, inputs, isShifted),
    };
    return callFunction(backend, work, inputs);
  };
  const results = run(false);
  const isExact = results[0].dataSync().every((sum) => sum > SMALLEST_SUM && sum < LARGEST_SUM);
  if (isExact) return results;
  tf.dispose(results);
  return run(true);
}
