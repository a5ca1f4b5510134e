import {
  arithmeticOf,
  type Encoder,
  type EncoderSettings,
  withoutArithmetic,
} from "../encoders/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { encoderKeyOf, type TrainingSummary } from "../run/mod.ts";

/** Options of {@linkcode checkEncoder}. */
export interface CheckEncoderOptions extends Pick<Listener, "say"> {
  /** What may be done instead of choosing another encoder, as the end of a sentence. */
  otherwise?: string;
}

/**
 * Refuses an encoder whose features are not those that a run was trained on. Where these were made
 * elsewhere only their shape can be checked, by `checkNetwork`, which is said.
 *
 * @throws {Error} if it is another network, or has other weights or another arithmetic
 */
export function checkEncoder(
  { key }: Pick<Encoder, "key">,
  { kind, weights }: Pick<EncoderSettings, "kind" | "weights">,
  training: Pick<TrainingSummary, "encoderKey">,
  { say, otherwise }: CheckEncoderOptions = {},
): void {
  const needed = encoderKeyOf(training);
  const or = otherwise === undefined ? "" : `, or ${otherwise}`;
  if (needed !== null && key !== needed) {
    if (withoutArithmetic(key) === withoutArithmetic(needed)) {
      const trained = arithmeticOf(needed);
      throw new Error(
        `This run was trained on features computed in ${trained}, not in ${
          arithmeticOf(key)
        }: set ` +
          `--encoder.arithmetic=${trained}${or}`,
      );
    }
    throw new Error(
      `The encoder's weights (${weights}) are not those that this run was trained with: it needs ` +
        `${needed}, found ${key}: set --encoder.weights=${or}`,
    );
  }
  if (needed !== null) return;
  say?.(
    "The features of this run's training were made elsewhere: whether they are those of " +
      `${kind} with these weights (${weights}) cannot be checked`,
  );
}
