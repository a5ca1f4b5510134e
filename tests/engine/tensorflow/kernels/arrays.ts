import * as tf from "@tensorflow/tfjs";
import {
  a,
  b,
  flags,
  gradient,
  integers,
  type KernelCases,
  numbers,
  positive,
} from "./made_tensors.ts";

export const reductions: KernelCases = {
  ...Object.fromEntries(
    (["sum", "mean", "max", "min", "prod"] as const)
      .flatMap((name): [string, () => tf.Tensor][] => [
        [`${name} of all`, () => tf[name](a())],
        [`${name} over an axis, kept`, () => tf[name](a(), 1, true)],
        [`${name} over two axes`, () => tf[name](numbers([2, 3, 4]), [0, 2])],
        [`${name}, gradient`, gradient((x) => tf[name](x, 1), positive)],
      ]),
  ),
  "sum of int32 and bool": () => [tf.sum(integers(), 0), tf.sum(flags())],
  "all, any": () => [tf.all(flags()), tf.any(flags())],
  "argMax, argMin": () => [tf.argMax(a(), 1), tf.argMin(a(), 0)],
  logSumExp: () => tf.logSumExp(a(), 1, true),
  "cumsum, exclusive and reversed": () => [tf.cumsum(a(), 1), tf.cumsum(a(), 0, true, true)],
  cumprod: () => tf.cumprod(a(), 1),
  norm: () => tf.norm(a(), "euclidean", 1),
  moments: () => Object.values(tf.moments(a(), 0)) as tf.Tensor[],
  topk: () => Object.values(tf.topk(a(), 2)),
  unique: () => Object.values(tf.unique(tf.tensor1d([3, 1, 3, 2, 1], "int32"))),
  bincount: () => tf.bincount(tf.tensor1d([1, 1, 3], "int32"), [], 5),
  "confusion matrix": () =>
    tf.math.confusionMatrix(
      tf.tensor1d([0, 2, 1], "int32"),
      tf.tensor1d([0, 1, 1], "int32"),
      3,
    ),
  unsortedSegmentSum: () =>
    tf.unsortedSegmentSum(numbers([4, 2]), tf.tensor1d([2, 0, 2, 1], "int32"), 4),
};

export const shapes: KernelCases = {
  cast: () => [tf.cast(a(), "int32"), tf.cast(integers(), "bool"), tf.cast(flags(), "float32")],
  "concat, one part empty": () => tf.concat([a(), tf.zeros([0, 4]), b()], 0),
  "stack, unstack": () => [tf.stack([a(), b()], 1), ...tf.unstack(a(), 1)],
  "split, even and by sizes": () => [...tf.split(a(), 2, 1), ...tf.split(a(), [1, 3], 1)],
  reshape: () => tf.reshape(a(), [2, -1]),
  expandDims: () => tf.expandDims(a(), 1),
  transpose: () => tf.transpose(numbers([2, 3, 4]), [2, 0, 1]),
  reverse: () => tf.reverse(a(), 1),
  tile: () => tf.tile(a(), [2, 3]),
  slice: () => tf.slice(numbers([4, 5]), [1, 2], [2, -1]),
  "slice of nothing": () => tf.slice(a(), [1, 0], [0, 4]),
  stridedSlice: () => tf.stridedSlice(numbers([4, 5]), [0, 4], [4, 0], [2, -2]),
  "pad, mirrorPad": () => [
    tf.pad(a(), [[1, 0], [2, 1]], 7),
    tf.mirrorPad(a(), [[1, 1], [2, 0]], "reflect"),
    tf.mirrorPad(a(), [[1, 1], [2, 0]], "symmetric"),
  ],
  fill: () => [tf.fill([2, 2], 3), tf.fill([2], 3, "int32")],
  "range, linspace": () => [tf.range(0, 10, 3), tf.range(5, 0, -2, "int32"), tf.linspace(0, 1, 5)],
  eye: () => tf.eye(3),
  diag: () => tf.diag(tf.tensor1d([1, 2, 3])),
  oneHot: () => tf.oneHot(tf.tensor1d([0, 2, 1], "int32"), 3),
  gather: () => tf.gather(a(), tf.tensor2d([[2, 0], [1, 1]], [2, 2], "int32")),
  "gather over axis 1": () => tf.gather(a(), tf.tensor1d([3, 0], "int32"), 1),
  "gather, gradient": gradient((x) => tf.gather(x, tf.tensor1d([1, 1, 0], "int32")), a),
  gatherND: () => tf.gatherND(a(), tf.tensor2d([[0, 1], [2, 3]], [2, 2], "int32")),
  scatterND: () => tf.scatterND(tf.tensor2d([[1], [3]], [2, 1], "int32"), numbers([2, 2]), [5, 2]),
  tensorScatterUpdate: () =>
    tf.tensorScatterUpdate(a(), tf.tensor2d([[1]], [1, 1], "int32"), tf.ones([1, 4])),
  sparseToDense: () =>
    tf.sparseToDense(tf.tensor1d([1, 3], "int32"), tf.tensor1d([5, 6]), [5], tf.scalar(9)),
  "spaceToBatchND, batchToSpaceND": () => {
    const spread = tf.spaceToBatchND(numbers([1, 4, 4, 1]), [2, 2], [[0, 0], [0, 0]]);
    return [spread, tf.batchToSpaceND(spread, [2, 2], [[0, 0], [0, 0]])];
  },
  depthToSpace: () => tf.depthToSpace(numbers([1, 2, 2, 4]) as tf.Tensor4D, 2),
  broadcastArgs: () => tf.broadcastArgs(tf.tensor1d([3, 1], "int32"), tf.tensor1d([4], "int32")),
  identity: () => tf.clone(a()),
};

export const matrices: KernelCases = {
  "matMul, four ways": () => [
    tf.matMul(a(), numbers([4, 2]) as tf.Tensor2D),
    tf.matMul(a(), numbers([3, 2]) as tf.Tensor2D, true),
    tf.matMul(a(), numbers([2, 4]) as tf.Tensor2D, false, true),
    tf.matMul(a(), numbers([2, 3]) as tf.Tensor2D, true, true),
  ],
  "matMul of batches": () => tf.matMul(numbers([2, 3, 4]), numbers([2, 4, 2])),
  "matMul of a batch and one": () => tf.matMul(numbers([2, 3, 4]), numbers([1, 4, 2])),
  "matMul with 0 rows": () => tf.matMul(tf.zeros([0, 4]), numbers([4, 2])),
  "matMul, gradient": gradient((x) => tf.matMul(x, numbers([4, 2])), a),
  ...Object.fromEntries(
    (["linear", "relu", "relu6", "elu", "sigmoid"] as const).map((activation) => [
      `fused.matMul, ${activation}`,
      () => tf.fused.matMul({ a: a(), b: numbers([4, 2]), bias: numbers([2]), activation }),
    ]),
  ),
  dot: () => tf.dot(a(), numbers([4])),
  outerProduct: () => tf.outerProduct(numbers([3]) as tf.Tensor1D, numbers([2]) as tf.Tensor1D),
  einsum: () => tf.einsum("ij,jk->ki", a(), numbers([4, 2])),
  gramSchmidt: () => tf.linalg.gramSchmidt(numbers([3, 3]) as tf.Tensor2D),
  qr: () => tf.linalg.qr(numbers([4, 3])),
  bandPart: () => tf.linalg.bandPart(numbers([3, 4]), 1, 0),
};
