import * as tf from "@tensorflow/tfjs";
import type { Weights } from "./weights.ts";
import type { AdamSettings, Optimizer, OptimizerFactory } from "./optimizer.ts";

interface Slot {
  shape: number[];
  weight: tf.Tensor;
  m: tf.Tensor;
  v: tf.Tensor;
}

/** Adam (Kingma and Ba, 2015; the order of operations is Keras') in plain TF.js, for any engine. */
export class PlainAdam implements Optimizer {
  #settings: Required<AdamSettings>;
  #slots = new Map<string, Slot>();
  #steps = 0;

  /**
   * Starts with moments of zero.
   *
   * @param weights their starting values; copied
   */
  constructor(weights: Weights, settings: AdamSettings = {}) {
    this.#settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, ...settings };
    for (const [name, { shape, data }] of weights) {
      this.#slots.set(name, {
        shape,
        weight: tf.keep(tf.tensor(data.slice(), shape)),
        m: tf.keep(tf.zeros(shape)),
        v: tf.keep(tf.zeros(shape)),
      });
    }
  }

  read(): Map<string, tf.Tensor> {
    return new Map([...this.#slots].map(([name, { weight }]) => [name, weight.clone()]));
  }

  apply(
    gradients: Map<string, tf.Tensor>,
    learningRate: number,
    factors?: ReadonlyMap<string, number>,
  ): void {
    const { beta1, beta2, epsilon } = this.#settings;
    this.#steps++;
    const rate = learningRate * Math.sqrt(1 - beta2 ** this.#steps) / (1 - beta1 ** this.#steps);
    for (const [name, gradient] of gradients) {
      const slot = this.#slot(name, gradient.shape);
      const [weight, m, v] = tf.tidy(() => {
        const m = tf.add(tf.mul(slot.m, beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(slot.v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const change = tf.div(
          tf.mul(m, rate * (factors?.get(name) ?? 1)),
          tf.add(tf.sqrt(v), epsilon),
        );
        return [tf.sub(slot.weight, change), m, v];
      });
      this.#replace(slot, weight, m, v);
    }
  }

  weights(): Weights {
    return new Map(
      [...this.#slots].map(([name, { shape, weight }]) => [name, copy(shape, weight)]),
    );
  }

  state(): { weights: Weights; moments: Weights; steps: number } {
    const moments: Weights = new Map();
    for (const [name, { shape, m, v }] of this.#slots) {
      moments.set(`${name}/m`, copy(shape, m));
      moments.set(`${name}/v`, copy(shape, v));
    }
    return { weights: this.weights(), moments, steps: this.#steps };
  }

  setState(
    { weights, moments, steps = 0 }: { weights: Weights; moments?: Weights; steps?: number },
  ): void {
    for (const [name, { shape, data }] of weights) {
      const slot = this.#slot(name, shape);
      const moment = (part: string) => {
        const kept = moments?.get(`${name}/${part}`);
        return kept ? tf.tensor(kept.data.slice(), shape) : tf.zeros(shape);
      };
      this.#replace(slot, tf.tensor(data.slice(), shape), moment("m"), moment("v"));
    }
    this.#steps = steps;
  }

  dispose(): void {
    for (const { weight, m, v } of this.#slots.values()) tf.dispose([weight, m, v]);
    this.#slots.clear();
  }

  #replace(slot: Slot, weight: tf.Tensor, m: tf.Tensor, v: tf.Tensor): void {
    tf.dispose([slot.weight, slot.m, slot.v]);
    Object.assign(slot, { weight: tf.keep(weight), m: tf.keep(m), v: tf.keep(v) });
  }

  #slot(name: string, shape: number[]): Slot {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new RangeError(`There is no weight named "${name}"`);
    if (!tf.util.arraysEqual(slot.shape, shape)) {
      throw new RangeError(`"${name}" has shape [${slot.shape}], but [${shape}] was given`);
    }
    return slot;
  }
}

function copy(shape: number[], tensor: tf.Tensor): { shape: number[]; data: Float32Array } {
  return { shape, data: tensor.dataSync<"float32">().slice() };
}

/** The optimizer of engines without one of their own. */
export const plainAdam: OptimizerFactory = (weights, settings): Optimizer =>
  new PlainAdam(weights, settings);
