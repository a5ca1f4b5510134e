import * as tf from "@tensorflow/tfjs";

/** What opens and closes a recurrent layer's gates (`recurrent_activation` in Keras). */
export type GateActivation = "sigmoid" | "hard_sigmoid";

/**
 * A gate, between 0 and 1: the sigmoid, or what Keras 2 means by hard_sigmoid,
 * min(1, max(0, 0.2 x + 0.5)); that of Keras 3, min(1, max(0, x / 6 + 0.5)), is another.
 */
export function openGate<T extends tf.Tensor>(x: T, activation: GateActivation): T {
  if (activation === "sigmoid") return tf.sigmoid(x);
  return tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1) as T;
}
