import * as tf from "@tensorflow/tfjs";
import { clipByGlobalNorm, type Optimizer } from "../nn/mod.ts";
import type { Gradients } from "./gradients_of.ts";

/**
 * Moves the optimizer's weights along the gradients of a whole step, all parts and ranks added up;
 * uses them up. No weight that the optimizer gave out may still be held: it would be copied, not
 * changed.
 *
 * @param clipNorm the gradients are scaled down to this norm over all of them; null: never
 * @param rateFactors what the learning rate is multiplied by, by weight. @default {1 each}
 */
export function applyGradients(
  optimizer: Pick<Optimizer, "apply">,
  { sums }: Pick<Gradients, "sums">,
  { clipNorm, learningRate, rateFactors }: {
    clipNorm: number | null;
    learningRate: number;
    rateFactors?: ReadonlyMap<string, number>;
  },
): void {
  const gradients = [...sums.values()];
  const clipped = clipNorm === null ? gradients : clipByGlobalNorm(gradients, clipNorm);
  if (clipped !== gradients) tf.dispose(gradients);
  const named = new Map([...sums.keys()].map((name, i) => [name, clipped[i]]));
  optimizer.apply(named, learningRate, rateFactors);
  tf.dispose(clipped);
}
