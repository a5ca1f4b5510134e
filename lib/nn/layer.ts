import { Random } from "../random/mod.ts";
import type { Weights } from "./weights.ts";

/** One array that a layer learns. */
export interface LayerWeight {
  /** Its shape. */
  shape: number[];
  /** Its values before training. @param random a stream of its own */
  initial(random: Random): Float32Array;
}

/**
 * A part of a network, as far as every part is alike: what it learns. How it is applied (`apply`,
 * and `step` where it can go position by position) differs from layer to layer.
 */
export interface Layer {
  /** What it learns, by full name (`lstm/kernel`), in Keras' order; spelled nowhere else. */
  readonly weights: ReadonlyMap<string, LayerWeight>;
  /** Roughly how many numbers a training step keeps for each row that the layer is applied to. */
  readonly activations: number;
}

/**
 * Shapes of all that layers learn, by name, in their order.
 *
 * @throws {RangeError} if two layers learn an array of the same name
 */
export function weightShapes(layers: readonly Layer[]): Map<string, number[]> {
  return new Map(weightsOf(layers).map(([name, { shape }]) => [name, shape]));
}

/**
 * Weights to start training from: each array's from its own stream of random numbers, so that
 * adding one changes no other.
 *
 * @throws {RangeError} if two layers learn an array of the same name
 */
export function initialWeights(layers: readonly Layer[], seed: number): Weights {
  return new Map(
    weightsOf(layers).map(([name, { shape, initial }]) => [
      name,
      { shape, data: initial(new Random(seed, "weights", name)) },
    ]),
  );
}

function weightsOf(layers: readonly Layer[]): [string, LayerWeight][] {
  const all = layers.flatMap(({ weights }) => [...weights]);
  const names = new Set<string>();
  for (const [name] of all) {
    if (names.has(name)) throw new RangeError(`Two layers learn "${name}": rename one of them`);
    names.add(name);
  }
  return all;
}
