import { z } from "zod";
import type { Weights } from "../../nn/mod.ts";
import type { Callback, CallbackState, Logs, TrainingControl } from "../callback.ts";
import type { CallbackKind } from "./callback_kind.ts";
import { Monitor, type MonitorMode, monitorSettings } from "./monitor.ts";

/** Options of {@linkcode EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** The watched figure. @default {"val_loss"} */
  monitor?: string;
  /** Which way it gets better. @default {"auto"} */
  mode?: MonitorMode;
  /** A smaller change does not count as an improvement. @default {0} */
  minDelta?: number;
  /** Epochs without improvement before training stops. @default {0} */
  patience?: number;
  /** Training stops where this is not beaten within the patience. @default {null} */
  baseline?: number | null;
  /** Epochs before this one, counted from 0, are not looked at. @default {0} */
  startFromEpoch?: number;
  /** Whether training ends, stopped or not, with the best epoch's weights. @default {false} */
  restoreBestWeights?: boolean;
}

interface EarlyStoppingState {
  /** Epochs since the last improvement. */
  wait: number;
  /** The best value so far. */
  best: number | null;
  /** Its epoch, counted from 0. */
  bestEpoch: number | null;
  /** The epoch after which training was stopped; null where it was not. */
  stoppedEpoch: number | null;
}

const untouched: EarlyStoppingState = { wait: 0, best: null, bestEpoch: null, stoppedEpoch: null };

/** Stops training when a figure no longer improves, as Keras' EarlyStopping. */
export class EarlyStopping implements Callback {
  /** Set another name where a training has two of them. */
  name = "EarlyStopping";
  readonly #options: Required<Omit<EarlyStoppingOptions, "monitor" | "mode" | "minDelta">>;
  readonly #monitor: Monitor;
  #state: EarlyStoppingState = { ...untouched };
  #bestWeights?: Weights;
  #control?: TrainingControl;

  /**
   * Checks the options.
   *
   * @throws {RangeError} if the mode is `auto` and the monitor's name does not tell the direction
   */
  constructor(options: EarlyStoppingOptions = {}) {
    const { monitor = "val_loss", mode, minDelta } = options;
    this.#monitor = new Monitor(this.name, monitor, mode, minDelta);
    this.#options = {
      patience: options.patience ?? 0,
      baseline: options.baseline ?? null,
      startFromEpoch: options.startFromEpoch ?? 0,
      restoreBestWeights: options.restoreBestWeights ?? false,
    };
  }

  /** Starts from scratch, or restores a resumed training: if it had stopped, it stays stopped. */
  onTrainBegin(control: TrainingControl, state?: CallbackState): void {
    this.#control = control;
    this.#state = { ...untouched, ...state?.json as EarlyStoppingState | undefined };
    this.#bestWeights = state?.tensors;
    if (this.#state.stoppedEpoch !== null) control.stop(this.#reason());
  }

  /** Counts the epoch; stops when patience runs out. */
  onEpochEnd(epoch: number, logs: Logs): void {
    const { patience, baseline, startFromEpoch, restoreBestWeights } = this.#options;
    if (epoch < startFromEpoch) return;
    const state = this.#state;
    const value = this.#monitor.value(epoch, logs);
    state.wait++;
    if (this.#monitor.improves(value, state.best)) {
      state.best = value;
      state.bestEpoch = epoch;
      if (restoreBestWeights) this.#bestWeights = this.#control!.getWeights();
      if (baseline === null || this.#monitor.improves(value, baseline)) state.wait = 0;
    } else if (state.wait >= patience && epoch > 0) { // never after the first, as Keras
      state.stoppedEpoch = epoch;
      this.#control!.stop(this.#reason());
    }
  }

  /** Puts the best epoch's weights back, whether training was stopped or simply ended. */
  onTrainEnd(): void {
    const { bestEpoch } = this.#state;
    if (!this.#options.restoreBestWeights || bestEpoch === null) return;
    if (this.#bestWeights === undefined) {
      this.#control!.say(
        `EarlyStopping could not restore the weights of epoch ${bestEpoch + 1}: ` +
          "the checkpoint that training resumed from does not hold them",
      );
      return;
    }
    this.#control!.setWeights(this.#bestWeights);
    this.#control!.say(`Restored the weights of the best epoch, ${bestEpoch + 1}`);
  }

  /** Best, wait and stop, and the best epoch's weights where they are to be restored. */
  state(): CallbackState {
    return { json: { ...this.#state }, tensors: this.#bestWeights };
  }

  #reason(): string {
    const { best, bestEpoch, stoppedEpoch } = this.#state;
    return `early stopping after epoch ${
      stoppedEpoch! + 1
    }: no better ${this.#monitor.name} than ` +
      `${best!.toFixed(5)} of epoch ${bestEpoch! + 1}`;
  }
}

const settings = z.strictObject({
  ...monitorSettings,
  minDelta: z.number().min(0).default(0).describe(
    "a smaller change does not count as an improvement",
  ),
  patience: z.int().min(0).default(3).describe("epochs without improvement before training stops"),
  baseline: z.number().nullable().default(null).describe(
    "training stops where this value is not beaten within the patience",
  ),
  startFromEpoch: z.int().min(0).default(0).describe("epochs before this one are not looked at"),
  restoreBestWeights: z.boolean().default(true).describe(
    "end training, stopped or not, with the best epoch's weights",
  ),
});

const switchable = z.union([z.literal(false), settings]).default(false).describe(
  "stop when a figure no longer improves; false: never",
);

/** {@linkcode EarlyStopping} in the training settings. */
export const earlyStopping: CallbackKind<typeof switchable> = {
  settings: switchable,
  create: (settings) => settings ? new EarlyStopping(settings) : undefined,
};
