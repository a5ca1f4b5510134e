import type { ConfigEncoder } from "../config/mod.ts";
import { arithmeticOf } from "../encoders/mod.ts";
import { encoderKeyOf, type TrainingSummary } from "../run/mod.ts";

/**
 * An encoder whose arithmetic `auto` is that of a run's training, whatever this machine is faster in:
 * the run's decoder is to get the features that it learnt from.
 */
export function inTrainedArithmetic<E extends ConfigEncoder>(
  encoder: E,
  training: Pick<TrainingSummary, "encoderKey">,
): E {
  const key = encoderKeyOf(training);
  if (encoder.kind === "features" || key === null) return encoder;
  if ((encoder as { arithmetic?: string }).arithmetic !== "auto") return encoder;
  return { ...encoder, arithmetic: arithmeticOf(key) };
}
