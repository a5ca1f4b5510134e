import type { Weights } from "../nn/mod.ts";

/** Figures of an epoch or a step by name: `loss`, `val_loss`, `learning_rate`, … */
export type Logs = Record<string, number>;

/** What a callback may see and touch of the training that called it. */
export interface TrainingControl {
  /**
   * Without the factor of a schedule. Set by the loop before `onTrainBegin`; assigning takes effect at
   * the next step.
   */
  learningRate: number;
  /** Copies the model's weights out: of their average, where there is one. */
  getWeights(): Weights;
  /** Puts weights of the same names and shapes back into the model. */
  setWeights(weights: Weights): void;
  /**
   * Writes all that is needed to resume here: weights, the optimizer's moments, the position, and
   * the callbacks' states. At `onStepEnd` that is after the step, at `onEpochEnd` after the epoch.
   * States are as they are at that moment: call it from a callback listed last.
   */
  saveCheckpoint(path: string): Promise<void>;
  /** Ends training after the current epoch and reports the reason. */
  stop(reason: string): void;
  /** Reports one line to the user. */
  say(line: string): void;
}

/** What a callback needs to resume: kept in the checkpoint. */
export interface CallbackState {
  /** Plain JSON. */
  json: unknown;
  /** Arrays, which JSON would lose bits of. */
  tensors?: Weights;
}

/** Keras' callback moments. Epochs count from 0, as in Keras; steps count from 0 in each epoch. */
export interface Callback {
  /** Named in messages; a checkpoint keeps the state under it. */
  readonly name: string;
  /**
   * Figures that its `onEpochEnd` adds to the logs, for callbacks after it to monitor. Left out
   * beside an `onEpochEnd`: it may add any, and a monitor of a figure that is never there is found
   * only after the first epoch.
   */
  readonly reports?: readonly string[];
  /**
   * Before the first epoch; `control` stays valid until `onTrainEnd`.
   *
   * @param state what `state()` gave when the checkpoint was written that training resumes from;
   * undefined where training starts from scratch
   */
  onTrainBegin?(control: TrainingControl, state?: CallbackState): void | Promise<void>;
  /** Before an epoch's first step, and where training resumes within the epoch. */
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** After each step; `logs` holds the step's `loss`. */
  onStepEnd?(step: number, logs: Logs): void | Promise<void>;
  /** `logs` may be added to: later callbacks and the history see it. */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  /**
   * Where the signal ends training, between two steps: `control.saveCheckpoint` keeps the steps of
   * the epoch under way. Keras has no such moment.
   */
  onInterrupt?(): void | Promise<void>;
  /** After the last epoch. */
  onTrainEnd?(): void | Promise<void>;
  /** What must outlive an interruption. */
  state?(): CallbackState;
}
