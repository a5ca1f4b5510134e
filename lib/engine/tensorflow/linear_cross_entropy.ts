import * as tf from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "./backend.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import { AttributeType, DataType } from "./data_types.ts";
import type { MatrixProducts } from "./matrix_products.ts";
import { execute } from "./operations.ts";

/**
 * Logits that exist at once: 29 MB, just below the blocks that glibc gives back to the kernel at
 * once. Smaller pieces cost more (the kernel's gradient is added up once a piece), at 4 MB a
 * tenth of the step.
 */
const LOGITS_PER_PIECE = 7 << 20;

/** Sums of exponentials outside of this range say that they lost precision or overflowed. */
const SMALLEST_SUM = 1e-25;
const LARGEST_SUM = 1e30;

const INDICES = { name: "Tindices", type: AttributeType.type, value: DataType.int32 };
const DTYPE: TFEOpAttr = { name: "dtype", type: AttributeType.type, value: DataType.float32 };

/**
 * Output layer, softmax and cross-entropy together, in pieces of rows; the
 * gradients are computed on the way, so that the logits of the whole batch
 * never exist.
 *
 * The matrix of probabilities is never formed either: the exponentials stand
 * for it, the label's entry lowered by their sum, and the division by the sum
 * is done on the narrow side of the two products that follow.
 *
 * @param products multiply matrices; all the rest is float32
 * @param hidden [rows, units]
 * @param kernel [units, classes]
 * @param bias [classes]
 * @param labels int32 [rows]
 * @returns mean loss of a row in nats
 */
export function linearCrossEntropy(
  backend: TensorFlowBackend,
  products: MatrixProducts,
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
): tf.Scalar {
  const rows = hidden.shape[0];
  const rowsPerPiece = Math.max(16, Math.floor(LOGITS_PER_PIECE / kernel.shape[1]));
  /** Calls `work` with hidden and labels of one piece after the other. */
  const inPieces = <T extends tf.TensorContainer>(
    h: tf.Tensor2D,
    work: (scratch: Scratch, hidden: tf.Tensor2D, labels: tf.Tensor1D) => T,
    take: (result: T) => void,
  ) => {
    const scratch = new Scratch(backend);
    try {
      for (let start = 0; start < rows; start += rowsPerPiece) {
        const size = Math.min(rowsPerPiece, rows - start);
        take(
          tf.tidy(() =>
            work(scratch, tf.slice(h, [start, 0], [size, -1]), tf.slice(labels, start, size))
          ),
        );
      }
    } finally {
      scratch.dispose();
    }
  };
  if (!isDifferentiated()) {
    const losses: tf.Tensor[] = [];
    const factor = products.factor(kernel);
    inPieces(
      hidden,
      (_scratch, piece, labels) => pieceLoss(products, piece, factor, bias, labels).loss,
      (loss) => losses.push(loss),
    );
    return tf.div(tf.addN(losses), rows);
  }
  const run = tf.customGrad((...args) => {
    const [h, w, b, save] = args as unknown as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const pieces: Piece[] = [];
    const factor = products.factor(w);
    inPieces(
      h,
      (scratch, piece, labels) => pieceGradients(scratch, products, piece, factor, b, labels, rows),
      (piece) => {
        const before = pieces.at(-1);
        pieces.push(before ? { ...piece, ...addInto(piece, before) } : piece);
      },
    );
    const { dKernel, dBias } = pieces.at(-1)!;
    save([tf.concat(pieces.map((piece) => piece.dHidden), 0), dKernel, dBias]);
    return {
      value: tf.div(tf.addN(pieces.map((piece) => piece.loss)), rows),
      gradFunc: (dy, saved) => saved.map((gradient) => scaled(gradient, dy)),
    };
  });
  return run(hidden, kernel, bias) as tf.Scalar;
}

/** Whether TF.js is recording operations for a gradient. */
function isDifferentiated(): boolean {
  return (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
}

interface Piece extends tf.TensorContainerObject {
  /** Sum of the rows' losses. */
  loss: tf.Tensor;
  /** [rows of the piece, units] */
  dHidden: tf.Tensor2D;
  /** [units, classes], with the pieces before added. */
  dKernel: tf.Tensor;
  /** [classes], likewise. */
  dBias: tf.Tensor;
}

/** Loss and gradients of some rows. @param kernel a factor of products [units, classes] */
function pieceGradients(
  scratch: Scratch,
  products: MatrixProducts,
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
  rows: number,
): Piece {
  const { loss, exponentials, sums, positions } = pieceLoss(products, hidden, kernel, bias, labels);
  const difference = scratch.subtractAt(exponentials, positions, tf.reshape(sums, [-1]));
  const weight = tf.div(1 / rows, sums) as tf.Tensor2D; // [size, 1]
  const factor = products.factor(difference);
  return {
    loss,
    dHidden: tf.mul(products.multiply(factor, kernel, false, true), weight) as tf.Tensor2D,
    dKernel: products.multiply(products.factor(tf.mul(hidden, weight)), factor, true, false),
    dBias: tf.reshape(tf.matMul(weight, difference, true, false), [-1]),
  };
}

/** Sum of the losses of some rows, and the values that their gradients need. */
function pieceLoss(
  products: MatrixProducts,
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
): { loss: tf.Tensor; exponentials: tf.Tensor; sums: tf.Tensor; positions: tf.Tensor2D } {
  const size = hidden.shape[0];
  const positions = tf.stack([tf.range(0, size, 1, "int32"), labels], 1) as tf.Tensor2D;
  const logits = products.linear(products.factor(hidden), kernel, bias); // [size, classes]
  let exponentials: tf.Tensor = tf.exp(logits);
  let sums = tf.sum(exponentials, 1, true); // [size, 1]
  let shift: tf.Tensor | undefined;
  if (sums.dataSync().some((sum) => !(sum > SMALLEST_SUM && sum < LARGEST_SUM))) {
    shift = tf.max(logits, 1, true);
    exponentials.dispose();
    exponentials = tf.exp(tf.sub(logits, shift));
    sums = tf.sum(exponentials, 1, true);
  }
  const chosen = tf.reshape(tf.gatherND(logits, positions), [size, 1]);
  logits.dispose();
  const logSums = shift ? tf.add(tf.log(sums), shift) : tf.log(sums);
  return { loss: tf.sum(tf.sub(logSums, chosen)), exponentials, sums, positions };
}

function addInto(piece: Piece, before: Piece): { dKernel: tf.Tensor; dBias: tf.Tensor } {
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

/** A resource variable that holds a matrix while it is changed in place. */
class Scratch {
  #backend: TensorFlowBackend;
  #id: number;

  constructor(backend: TensorFlowBackend) {
    this.#backend = backend;
    this.#id = backend.binding.executeOp(
      "VarHandleOp",
      [
        DTYPE,
        { name: "container", type: AttributeType.string, value: "" },
        { name: "shared_name", type: AttributeType.string, value: "linear_cross_entropy" },
        { name: "shape", type: AttributeType.shape, value: [] },
      ],
      [],
      1,
    )[0].id;
  }

  /** Uses up `matrix`: what it holds is changed, not copied. */
  subtractAt(matrix: tf.Tensor, positions: tf.Tensor2D, values: tf.Tensor): tf.Tensor2D {
    const { binding } = this.#backend;
    const [id] = this.#backend.getInputTensorIds([matrix]);
    binding.executeOp("AssignVariableOp", [DTYPE], [this.#id, id], 0);
    matrix.dispose(); // The variable is now the only owner, else the next op would copy.
    const [positionsId, valuesId] = this.#backend.getInputTensorIds([positions, values]);
    binding.executeOp(
      "ResourceScatterNdSub",
      [
        { name: "T", type: AttributeType.type, value: DataType.float32 },
        INDICES,
        { name: "use_locking", type: AttributeType.bool, value: false },
      ],
      [this.#id, positionsId, valuesId],
      0,
    );
    return execute(this.#backend, "ReadVariableOp", [DTYPE], [this.#id], 1)[0] as tf.Tensor2D;
  }

  dispose(): void {
    const attribute = { name: "ignore_lookup_error", type: AttributeType.bool, value: true };
    this.#backend.binding.executeOp("DestroyResourceOp", [attribute], [this.#id], 0);
    this.#backend.binding.deleteTensor(this.#id);
  }
}
