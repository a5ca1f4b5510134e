import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random/mod.ts";
import type { FusedOps } from "./fused_ops.ts";

/**
 * Dropout whose mask depends on the random numbers given alone.
 *
 * @param rate in [0, 1)
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  rate: number,
  random: Random | undefined,
  fused?: FusedOps,
): T {
  if (rate === 0 || random === undefined) return x;
  if (fused) return fused.dropout(x, rate, [random.bits(), random.bits()]);
  const mask = new Float32Array(x.size);
  for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
  return tf.mul(x, tf.tensor(mask, x.shape));
}
