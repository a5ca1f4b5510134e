import type * as tf from "@tensorflow/tfjs";
import type { Weights } from "./weights.ts";

/** Settings of Adam (Kingma and Ba, 2015) that stay the same over a training. */
export interface AdamSettings {
  /** Decay of the first moment. @default {0.9} */
  beta1?: number;
  /** Decay of the second moment. @default {0.999} */
  beta2?: number;
  /** Added to the root of the second moment, as in Keras. @default {1e-7} */
  epsilon?: number;
}

/** Holds the trained weights and moves them along their gradients. */
export interface Optimizer {
  /** The weights as tensors, by name. The caller disposes of them before `apply`. */
  read(): Map<string, tf.Tensor>;
  /**
   * One step of Adam.
   *
   * @param gradients by the weights' names, of the weights' shapes
   * @param learningRate > 0
   * @param factors what it is multiplied by, by the weights' names. @default {1 each}
   * @throws {RangeError} if a gradient's name or shape is not a weight's
   */
  apply(
    gradients: Map<string, tf.Tensor>,
    learningRate: number,
    factors?: ReadonlyMap<string, number>,
  ): void;
  /** Copies of the weights alone. */
  weights(): Weights;
  /** Copies of weights and moments (`NAME/m`, `NAME/v`), and how many steps were done. */
  state(): { weights: Weights; moments: Weights; steps: number };
  /** Restores what `state()` returned; moments are zero where none are given. */
  setState(state: { weights: Weights; moments?: Weights; steps?: number }): void;
  /** Frees everything held. */
  dispose(): void;
}

/** Makes an optimizer for weights of these values. */
export type OptimizerFactory = (weights: Weights, settings?: AdamSettings) => Optimizer;
