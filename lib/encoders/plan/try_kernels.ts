import * as tf from "@tensorflow/tfjs";
import type { ConvolutionKernels } from "../../nn/mod.ts";
import type { PlannedConvolution } from "./planned_convolution.ts";

/** Photos computed at once in a trial. */
const PHOTOS = 4;
/** How often each kernel computes a convolution; the shortest time counts. */
const ROUNDS = 3;
/** Milliseconds after which no further round begins. */
const PATIENCE = 4000;
/** oneDNN has to be so much faster: a trial is not exact. */
const GAIN = 1.05;

/**
 * Tries which convolutions oneDNN computes faster than Eigen does, in a few seconds.
 *
 * @param now a clock in milliseconds
 * @returns the names of those, sorted
 */
export function tryKernels(
  convolutions: readonly PlannedConvolution[],
  { eigen, oneDnn }: Pick<ConvolutionKernels, "eigen" | "oneDnn">,
  now: () => number = () => performance.now(),
): string[] {
  const began = now();
  const trials = new Map(
    convolutions.map((one) => [one.name, { one, eigen: Infinity, oneDnn: Infinity }]),
  ).values().toArray();
  for (let round = 0; round < ROUNDS; round++) {
    if (now() - began >= PATIENCE) break;
    for (const trial of trials) {
      tf.tidy(() => {
        const { input, filter, bias, strides, pad, activation } = trial.one;
        const photos = tf.ones([PHOTOS, ...input]) as tf.Tensor4D;
        for (const [name, compute] of [["eigen", eigen], ["oneDnn", oneDnn]] as const) {
          const from = now();
          compute(photos, filter, bias, strides, pad, activation).dispose();
          trial[name] = Math.min(trial[name], now() - from);
        }
      });
    }
  }
  return trials.filter(({ eigen, oneDnn }) => eigen > oneDnn * GAIN).map(({ one }) => one.name)
    .sort();
}
