import * as tf from "@tensorflow/tfjs";
import { Random } from "../../lib/random/mod.ts";

/** Computations by name; each is run on two backends and must give the same. */
export type KernelCases = Record<string, () => tf.Tensor | tf.Tensor[] | Promise<tf.Tensor>>;

/** Numbers of a shape in [low, high), the same at every call. */
export function numbers(shape: number[], low = -2, high = 2): tf.Tensor {
  const random = new Random(shape.length, "numbers", ...shape);
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from(
    { length: size },
    () => low + (high - low) * random.uniform(),
  );
  return tf.tensor(values, shape);
}

const a = () => numbers([3, 4]);
const b = () => numbers([4, 3], -1, 3).transpose();
const positive = () => numbers([3, 4], 0.2, 3);
const unit = () => numbers([3, 4], -0.9, 0.9);
const integers = () => tf.tensor2d([[7, -3, 0], [2, 9, -8]], [2, 3], "int32");
const divisors = () => tf.tensor2d([[2, 2, 5], [-3, 4, 3]], [2, 3], "int32");
const flags = () => tf.tensor1d([true, false, true, true], "bool");
const image = () => numbers([2, 5, 6, 3]) as tf.Tensor4D;
const filter = () => numbers([3, 3, 3, 4]) as tf.Tensor4D;
const volume = () => numbers([1, 4, 4, 4, 2]) as tf.Tensor5D;
const odd = () => tf.tensor1d([1, NaN, Infinity, -Infinity, 0]);

/** The gradient of the sum of squares of an operation's result. */
function gradient(f: (x: tf.Tensor) => tf.Tensor, x: () => tf.Tensor): () => tf.Tensor {
  return () => tf.grad((y) => tf.sum(tf.square(f(y))))(x());
}

const unary: KernelCases = {
  ...Object.fromEntries(
    ([
      "abs",
      "atan",
      "ceil",
      "cos",
      "cosh",
      "elu",
      "erf",
      "exp",
      "expm1",
      "floor",
      "leakyRelu",
      "neg",
      "onesLike",
      "relu",
      "relu6",
      "round",
      "selu",
      "sigmoid",
      "sign",
      "sin",
      "sinh",
      "softplus",
      "square",
      "step",
      "tan",
      "tanh",
      "zerosLike",
      "asinh",
    ] as const).map((name) => [name, () => (tf[name] as (x: tf.Tensor) => tf.Tensor)(a())]),
  ),
  ...Object.fromEntries(
    (["log", "log1p", "sqrt", "rsqrt", "reciprocal"] as const)
      .map((name) => [name, () => tf[name](positive())]),
  ),
  ...Object.fromEntries(
    (["acos", "asin", "atanh"] as const).map((name) => [name, () => tf[name](unit())]),
  ),
  acosh: () => tf.acosh(tf.add(positive(), 1)),
  "isFinite, isInf, isNaN": () => [tf.isFinite(odd()), tf.isInf(odd()), tf.isNaN(odd())],
  clipByValue: () => tf.clipByValue(a(), -0.5, 1),
  prelu: () => tf.prelu(a(), tf.tensor1d([0.1, 0.2, 0.3, 0.4])),
  "elu, gradient": gradient(tf.elu, a),
  "abs of int32": () => tf.abs(integers()),
  "step with a slope": () => tf.step(a(), 0.3),
};

const binary: KernelCases = {
  ...Object.fromEntries(
    ([
      "add",
      "sub",
      "mul",
      "div",
      "divNoNan",
      "maximum",
      "minimum",
      "squaredDifference",
      "atan2",
      "mod",
      "equal",
      "notEqual",
      "greater",
      "greaterEqual",
      "less",
      "lessEqual",
    ] as const).map((name) => [name, () => (tf[name] as typeof tf.add)(a(), b())]),
  ),
  "pow of floats": () => tf.pow(positive(), a()),
  "pow of int32": () => tf.pow(integers(), tf.scalar(3, "int32")),
  "div of int32": () => tf.div(integers(), divisors()),
  "floorDiv of int32": () => tf.floorDiv(integers(), divisors()),
  "add of int32": () => tf.add(integers(), divisors()),
  "broadcast [3,1] + [4]": () => tf.add(numbers([3, 1]), numbers([4])),
  addN: () => tf.addN([a(), b(), a()]),
  "logical and, or, not, xor": () => [
    tf.logicalAnd(flags(), tf.reverse(flags())),
    tf.logicalOr(flags(), tf.reverse(flags())),
    tf.logicalNot(flags()),
    tf.logicalXor(flags(), tf.reverse(flags())),
  ],
  where: () => tf.where(flags(), tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([5, 6, 7, 8])),
  whereAsync: () => tf.whereAsync(tf.tensor2d([[1, 0], [0, 1]], [2, 2], "bool")),
  booleanMask: () => tf.booleanMaskAsync(numbers([4, 2]), flags()),
};

const reductions: KernelCases = {
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

const shapes: KernelCases = {
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

const matrices: KernelCases = {
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

const networks: KernelCases = {
  softmax: () => tf.softmax(a()),
  "softmax, gradient": gradient((x) => tf.softmax(x), a),
  logSoftmax: () => tf.logSoftmax(a()),
  "cross-entropy": () => tf.losses.softmaxCrossEntropy(tf.eye(3, 4), a()),
  dropout: () => tf.dropout(a(), 0),
  batchNorm: () =>
    tf.batchNorm(image(), tf.zeros([3]), tf.ones([3]), numbers([3]), numbers([3], 1, 2)),
  localResponseNormalization: () => tf.localResponseNormalization(image(), 2),
  "localResponseNormalization, gradient": gradient(
    (x) => tf.localResponseNormalization(x as tf.Tensor4D, 2),
    image,
  ),
  "conv1d": () =>
    tf.conv1d(numbers([1, 6, 2]) as tf.Tensor3D, numbers([3, 2, 2]) as tf.Tensor3D, 1, "same"),
  ...Object.fromEntries(
    (["same", "valid"] as const).flatMap((pad) => [1, 2].map((stride) => [pad, stride] as const))
      .flatMap(([pad, stride]): [string, () => tf.Tensor | tf.Tensor[]][] => [
        [`conv2d, ${pad}, stride ${stride}`, () => tf.conv2d(image(), filter(), stride, pad)],
        [
          `conv2d, ${pad}, stride ${stride}, gradients`,
          () =>
            tf.grads((x, w) =>
              tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad)))
            )([image(), filter()]),
        ],
      ]),
  ),
  "conv2d, padded by hand": () => tf.conv2d(image(), filter(), 2, [[0, 0], [1, 0], [0, 1], [0, 0]]),
  "conv2d, dilated": () => tf.conv2d(image(), filter(), 1, "same", "NHWC", 2),
  conv2dTranspose: () =>
    tf.conv2dTranspose(
      numbers([1, 3, 3, 2]) as tf.Tensor4D,
      numbers([3, 3, 4, 2]) as tf.Tensor4D,
      [
        1,
        6,
        6,
        4,
      ],
      2,
      "same",
    ),
  "fused.conv2d": () =>
    tf.fused.conv2d({
      x: image(),
      filter: filter(),
      strides: 1,
      pad: "same",
      bias: numbers([4]),
      activation: "relu",
    }),
  depthwiseConv2d: () =>
    tf.depthwiseConv2d(image(), numbers([3, 3, 3, 2]) as tf.Tensor4D, 1, "same"),
  "depthwiseConv2d, gradients": () =>
    tf.grads((x, w) =>
      tf.sum(tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "valid")))
    )([image(), numbers([3, 3, 3, 2])]),
  "fused.depthwiseConv2d": () =>
    tf.fused.depthwiseConv2d({
      x: image(),
      filter: numbers([3, 3, 3, 1]) as tf.Tensor4D,
      strides: 1,
      pad: "same",
      bias: numbers([3]),
      activation: "relu6",
    }),
  separableConv2d: () =>
    tf.separableConv2d(
      image(),
      numbers([3, 3, 3, 1]) as tf.Tensor4D,
      numbers([1, 1, 3, 2]) as tf.Tensor4D,
      1,
      "same",
    ),
  conv3d: () => tf.conv3d(volume(), numbers([2, 2, 2, 2, 3]) as tf.Tensor5D, 1, "same"),
  "conv3d, gradients": () =>
    tf.grads((x, w) =>
      tf.sum(tf.square(tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, "valid")))
    )([volume(), numbers([2, 2, 2, 2, 3])]),
  "pooling, maximum and average": () => [
    tf.maxPool(image(), 2, 2, "same"),
    tf.maxPool(image(), 3, 1, "valid"),
    tf.avgPool(image(), 2, 2, "same"),
  ],
  "maxPool, gradient": gradient((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"), image),
  "avgPool, gradient": gradient((x) => tf.avgPool(x as tf.Tensor4D, 2, 2, "valid"), image),
  "3-D pooling": () => [
    tf.maxPool3d(volume(), 2, 2, "valid"),
    tf.avgPool3d(volume(), 2, 2, "valid"),
  ],
  "maxPool3d, gradient": gradient((x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, "valid"), volume),
  "avgPool3d, gradient": gradient((x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, "valid"), volume),
  dilation2d: () => tf.dilation2d(image(), numbers([2, 2, 3]) as tf.Tensor3D, 1, "same"),
  "dilation2d, gradients": () =>
    tf.grads((x, w) => tf.sum(tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, 1, "valid")))([
      image(),
      numbers([2, 2, 3]),
    ]),
};

const boxes = () => tf.tensor2d([[0, 0, 1, 1], [0, 0.1, 1, 1], [0.5, 0.5, 1, 1]]);

// TF.js' cpu backend mixes up height and width in the gradients of resizing.
const square = () => numbers([1, 4, 4, 2]);

const images: KernelCases = {
  resizeBilinear: () => [
    tf.image.resizeBilinear(image(), [3, 4]),
    tf.image.resizeBilinear(image(), [9, 8], true),
    tf.image.resizeBilinear(image(), [9, 8], false, true),
  ],
  "resizeBilinear, gradient": gradient(
    (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [7, 7]),
    square,
  ),
  resizeNearestNeighbor: () => [
    tf.image.resizeNearestNeighbor(image(), [3, 4]),
    tf.image.resizeNearestNeighbor(image(), [9, 8], true),
  ],
  "resizeNearestNeighbor, gradient": gradient(
    (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 8]),
    square,
  ),
  cropAndResize: () =>
    tf.image.cropAndResize(image(), boxes(), tf.tensor1d([0, 1, 0], "int32"), [2, 3]),
  flipLeftRight: () => tf.image.flipLeftRight(image()),
  grayscaleToRGB: () => tf.image.grayscaleToRGB(numbers([1, 2, 2, 1]) as tf.Tensor4D),
  nonMaxSuppression: () =>
    tf.image.nonMaxSuppression(boxes(), tf.tensor1d([0.9, 0.8, 0.7]), 3, 0.5),
  "nonMaxSuppression, padded": () =>
    Object.values(
      tf.image.nonMaxSuppressionPadded(boxes(), tf.tensor1d([0.9, 0.8, 0.7]), 3, 0.5, 0, true),
    ),
  "nonMaxSuppression with scores": () =>
    Object.values(
      tf.image.nonMaxSuppressionWithScore(boxes(), tf.tensor1d([0.9, 0.8, 0.7]), 3, 0.5),
    ),
};

const complexAndText: KernelCases = {
  "complex, real, imag, abs": () => {
    const z = tf.complex(a(), b());
    return [z, tf.real(z), tf.imag(z), tf.abs(z)];
  },
  "complex add and mul": () => {
    const z = tf.complex(a(), b());
    return [tf.add(z, z), tf.mul(z, z)];
  },
  "fft, ifft": () => {
    const z = tf.complex(numbers([2, 8]), tf.zeros([2, 8]));
    return [tf.spectral.fft(z), tf.spectral.ifft(z)];
  },
  "rfft, irfft": () => [
    tf.spectral.rfft(numbers([2, 8])),
    tf.spectral.irfft(tf.complex(numbers([2, 5]), tf.zeros([2, 5]))),
  ],
  "text: concat, reshape, slice": () => {
    const words = tf.tensor1d(["a", "Größe", "", "日本"]);
    return [
      tf.concat([words, words]),
      tf.reshape(words, [2, 2]),
      tf.slice(words, [1], [2]),
    ];
  },
  staticRegexReplace: () =>
    tf.string.staticRegexReplace(tf.tensor1d(["two men", "a man"]), "m[ae]n", "dog"),
};

/** Every kernel that the package has, at least once, but for random draws. */
export const kernelCases: Record<string, KernelCases> = {
  unary,
  binary,
  reductions,
  shapes,
  matrices,
  networks,
  images,
  complexAndText,
};
