import type { Weights } from "../nn/mod.ts";

/** Figures of an epoch or a step by name: `loss`, `val_loss`, `learning_rate`, … */
export type Logs = Record<string, number>;

/** What a callback may see and touch of the training that called it. */
export interface TrainingControl {
  /** Set by the loop before `onTrainBegin`; assigning takes effect at the next step. */
  learningRate: number;
  /** Copies the model's weights out. */
  getWeights(): Weights;
  /** Puts weights of the same names and shapes back into the model. */
  setWeights(weights: Weights): void;
  /** Everything needed to go on after this epoch: weights, optimizer's moments, callbacks' states. */
  saveCheckpoint(path: string): Promise<void>;
  /** Ends training after the current epoch; the reason is said. */
  stop(reason: string): void;
  /** Tells the user one line. */
  say(line: string): void;
}

/** Keras' callback moments. Epochs count from 0, as in Keras; steps count from 0 in each epoch. */
export interface Callback {
  /** Named in messages and in a checkpoint's list of states. */
  readonly name: string;
  /** Before the first epoch; `control` stays valid until `onTrainEnd`. */
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  /** Before an epoch's first step. */
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** After each step; `logs` holds the step's `loss`. */
  onStepEnd?(step: number, logs: Logs): void | Promise<void>;
  /** `logs` may be added to: later callbacks and the history see it. */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  /** After the last epoch. */
  onTrainEnd?(): void | Promise<void>;
  /** What must outlive an interruption, as plain JSON (weights are kept apart, in files). */
  state?(): unknown;
  /** Takes back what `state()` gave. */
  restore?(state: unknown): void;
}
