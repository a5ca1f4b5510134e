import { z } from "zod";
import type { Callback, CallbackState, Logs, TrainingControl } from "../callback.ts";
import type { CallbackKind } from "./callback_kind.ts";
import { Monitor, type MonitorMode, monitorSettings } from "./monitor.ts";

/** Options of {@linkcode ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions {
  /** The watched figure. @default {"val_loss"} */
  monitor?: string;
  /** Which way it gets better. @default {"auto"} */
  mode?: MonitorMode;
  /** What the learning rate is multiplied by, in (0, 1). @default {0.1} */
  factor?: number;
  /** Epochs without improvement before the rate is reduced. @default {10} */
  patience?: number;
  /** A smaller change does not count as an improvement. @default {1e-4} */
  minDelta?: number;
  /** Epochs after a reduction in which none is counted. @default {0} */
  cooldown?: number;
  /** The rate is never reduced below this. @default {0} */
  minLearningRate?: number;
}

interface ReduceLROnPlateauState {
  /** Epochs since the last improvement. */
  wait: number;
  /** Epochs of cooldown left. */
  cooldown: number;
  /** The best value so far. */
  best: number | null;
}

const untouched: ReduceLROnPlateauState = { wait: 0, cooldown: 0, best: null };

/**
 * Lowers the learning rate when a figure no longer improves, as Keras' ReduceLROnPlateau. With a
 * schedule, that is the rate which its factors multiply.
 */
export class ReduceLROnPlateau implements Callback {
  /** Set another name where a training has two of them. */
  name = "ReduceLROnPlateau";
  readonly #options: Required<Omit<ReduceLROnPlateauOptions, "monitor" | "mode" | "minDelta">>;
  readonly #monitor: Monitor;
  #state: ReduceLROnPlateauState = { ...untouched };
  #control?: TrainingControl;

  /**
   * Checks the options.
   *
   * @throws {RangeError} if the factor is not in (0, 1), or the direction cannot be told
   */
  constructor(options: ReduceLROnPlateauOptions = {}) {
    const { monitor = "val_loss", mode, minDelta = 1e-4, factor = 0.1 } = options;
    if (!(factor > 0 && factor < 1)) {
      throw new RangeError(`The factor of ReduceLROnPlateau is ${factor}; it must be in (0, 1)`);
    }
    this.#monitor = new Monitor(this.name, monitor, mode, minDelta);
    this.#options = {
      factor,
      patience: options.patience ?? 10,
      cooldown: options.cooldown ?? 0,
      minLearningRate: options.minLearningRate ?? 0,
    };
  }

  /** Starts from scratch, or restores the state of a resumed training. */
  onTrainBegin(control: TrainingControl, state?: CallbackState): void {
    this.#control = control;
    this.#state = { ...untouched, ...state?.json as ReduceLROnPlateauState | undefined };
  }

  /** Counts the epoch, writes `learning_rate` (the epoch's own) to the logs, reduces it if due. */
  onEpochEnd(epoch: number, logs: Logs): void {
    const control = this.#control!;
    const state = this.#state;
    logs.learning_rate ??= control.learningRate;
    const value = this.#monitor.value(epoch, logs);
    if (state.cooldown > 0) {
      state.cooldown--;
      state.wait = 0;
    }
    if (this.#monitor.improves(value, state.best)) {
      state.best = value;
      state.wait = 0;
    } else if (state.cooldown === 0) {
      state.wait++;
      if (state.wait >= this.#options.patience) this.#reduce();
    }
  }

  /** Best, wait and cooldown; the rate is in every checkpoint. */
  state(): CallbackState {
    return { json: { ...this.#state } };
  }

  #reduce(): void {
    const { factor, minLearningRate, cooldown } = this.#options;
    const control = this.#control!;
    if (control.learningRate <= minLearningRate) return; // wait runs on, as in Keras
    control.learningRate = Math.max(control.learningRate * factor, minLearningRate);
    this.#state.cooldown = cooldown;
    this.#state.wait = 0;
    control.say(
      `${this.name} to ${Number(control.learningRate.toPrecision(3))}: ` +
        `no better ${this.#monitor.name} than ${this.#state.best!.toFixed(5)}`,
    );
  }
}

const settings = z.strictObject({
  ...monitorSettings,
  factor: z.number().gt(0).lt(1).default(0.5).describe("what the learning rate is multiplied by"),
  patience: z.int().min(0).default(2).describe("epochs without improvement before a reduction"),
  minDelta: z.number().min(0).default(1e-4).describe(
    "a smaller change does not count as an improvement",
  ),
  cooldown: z.int().min(0).default(0).describe("epochs after a reduction that are not counted"),
  minLearningRate: z.number().min(0).default(0).describe("the rate is never reduced below this"),
});

const switchable = z.union([z.literal(false), settings]).default(false).describe(
  "lower the learning rate when a figure no longer improves; false: never",
);

/** {@linkcode ReduceLROnPlateau} in the training settings. */
export const reduceLearningRate: CallbackKind<typeof switchable> = {
  settings: switchable,
  reports: (settings) => settings ? ["learning_rate"] : [],
  create: (settings) => settings ? new ReduceLROnPlateau(settings) : undefined,
};
