import * as tf from "@tensorflow/tfjs";
import { a, b, gradient, image, type KernelCases, numbers } from "./made_tensors.ts";

const boxes = () => tf.tensor2d([[0, 0, 1, 1], [0, 0.1, 1, 1], [0.5, 0.5, 1, 1]]);

// TF.js' cpu backend mixes up height and width in the gradients of resizing.
const square = () => numbers([1, 4, 4, 2]);

export const images: KernelCases = {
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

export const complexAndText: KernelCases = {
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
