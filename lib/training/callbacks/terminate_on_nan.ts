import { z } from "zod";
import type { Callback, Logs, TrainingControl } from "../callback.ts";
import type { CallbackKind } from "./callback_kind.ts";

/** Options of {@linkcode TerminateOnNaN}. */
export interface TerminateOnNaNOptions {
  /**
   * Throw, so that nothing of the broken epoch is written; false stops as after a last epoch.
   * Keras' default is false, which overwrites the last checkpoint with broken weights.
   *
   * @default {true}
   */
  raiseError?: boolean;
}

/** Ends training at the first step whose loss is NaN or infinite, as Keras' TerminateOnNaN. */
export class TerminateOnNaN implements Callback {
  readonly name = "TerminateOnNaN";
  readonly #raiseError: boolean;
  #control?: TrainingControl;
  #epoch = 0;

  /** Makes one that throws, unless told otherwise. */
  constructor(options: TerminateOnNaNOptions = {}) {
    this.#raiseError = options.raiseError ?? true;
  }

  /** Keeps the control. */
  onTrainBegin(control: TrainingControl): void {
    this.#control = control;
  }

  /** Keeps the epoch for the message. */
  onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
  }

  /**
   * Looks at the step's loss.
   *
   * @throws {RangeError} at a loss that is NaN or infinite, unless `raiseError` is false
   */
  onStepEnd(step: number, logs: Logs): void {
    if (logs.loss === undefined || Number.isFinite(logs.loss)) return;
    const what = `the loss became ${logs.loss} at step ${step + 1} of epoch ${this.#epoch + 1}`;
    if (!this.#raiseError) return this.#control!.stop(what);
    throw new RangeError(
      `Training broke: ${what}; try a smaller learning rate (now ` +
        `${this.#control!.learningRate}) or clip the gradients, and look for odd feature values`,
    );
  }
}

const settings = z.boolean().default(true).describe(
  "fail at the first loss that is not a finite number",
);

/** {@linkcode TerminateOnNaN} in the training settings. */
export const terminateOnNaN: CallbackKind<typeof settings> = {
  settings,
  create: (isOn) => isOn ? new TerminateOnNaN() : undefined,
};
