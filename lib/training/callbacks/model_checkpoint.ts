import { dirname } from "node:path";
import { z } from "zod";
import { explainWriteError } from "../../storage/mod.ts";
import type { Callback, CallbackState, Logs, TrainingControl } from "../callback.ts";
import type { Checkpoint } from "../checkpoint.ts";
import type { CallbackKind } from "./callback_kind.ts";
import { Monitor, type MonitorMode, monitorSettings } from "./monitor.ts";

/** Options of {@linkcode ModelCheckpoint}. */
export interface ModelCheckpointOptions {
  /** Where the best epoch's checkpoint goes; its folder is made where it is missing. */
  bestPath: string;
  /** Where the checkpoint of the last epoch, or of an interruption, goes; likewise. */
  lastPath: string;
  /** The watched figure. @default {"val_loss"} */
  monitor?: string;
  /** Which way it gets better. @default {"auto"} */
  mode?: MonitorMode;
  /** Keep no last checkpoint; an interrupted training then resumes after the best epoch. @default {false} */
  saveBestOnly?: boolean;
  /** Only what beats this is a first best. @default {null} */
  initialValueThreshold?: number | null;
}

interface ModelCheckpointState {
  best: number | null;
  bestEpoch: number | null;
}

/**
 * Keeps the best and the last epoch's checkpoint, as Keras' ModelCheckpoint.
 *
 * Keras writes one file: every epoch, or the best only. Here both are kept, under two names.
 * List it after the callbacks whose states the checkpoint should hold.
 */
export class ModelCheckpoint implements Callback {
  /** Set another name where a training has two of them. */
  name = "ModelCheckpoint";
  readonly #bestPath: string;
  readonly #lastPath: string;
  readonly #saveBestOnly: boolean;
  readonly #threshold: number | null;
  readonly #monitor: Monitor;
  #control?: TrainingControl;
  #best: number | null;
  #bestEpoch: number | null = null;

  /**
   * Checks the options.
   *
   * @throws {RangeError} if the mode is `auto` and the monitor's name does not tell the direction
   */
  constructor(options: ModelCheckpointOptions) {
    this.#bestPath = options.bestPath;
    this.#lastPath = options.lastPath;
    this.#saveBestOnly = options.saveBestOnly ?? false;
    this.#threshold = options.initialValueThreshold ?? null;
    this.#best = this.#threshold;
    this.#monitor = new Monitor(this.name, options.monitor ?? "val_loss", options.mode);
  }

  /** The best value so far, the threshold at first. */
  get best(): number | null {
    return this.#best;
  }

  /** The epoch of the best value, counted from 0; null where none was good enough yet. */
  get bestEpoch(): number | null {
    return this.#bestEpoch;
  }

  /** Makes the folders. A resumed training keeps its best until it is beaten; another starts without one. */
  async onTrainBegin(control: TrainingControl, state?: CallbackState): Promise<void> {
    this.#control = control;
    const none: ModelCheckpointState = { best: this.#threshold, bestEpoch: null };
    const { best, bestEpoch } = { ...none, ...state?.json as ModelCheckpointState | undefined };
    this.#best = best;
    this.#bestEpoch = bestEpoch;
    for (const path of [this.#bestPath, this.#lastPath]) {
      await Deno.mkdir(dirname(path), { recursive: true }).catch((error) => {
        throw explainWriteError(error, path, dirname(path));
      });
    }
  }

  /** Writes the best checkpoint where the epoch is the best, then the last one. */
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const control = this.#control!;
    const value = this.#monitor.value(epoch, logs);
    if (this.#monitor.improves(value, this.#best)) {
      const previous = [this.#best, this.#bestEpoch] as const;
      this.#best = value; // first: the checkpoint holds this callback's state too
      this.#bestEpoch = epoch;
      try {
        await control.saveCheckpoint(this.#bestPath);
      } catch (error) {
        [this.#best, this.#bestEpoch] = previous;
        throw error;
      }
    }
    // The best comes first. Killed between the two, training resumes from the epoch before and
    // writes the same best again; the other way round it would know of a best that is in no file.
    if (!this.#saveBestOnly) await control.saveCheckpoint(this.#lastPath);
  }

  /** Keeps the steps of the epoch under way. */
  async onInterrupt(): Promise<void> {
    if (!this.#saveBestOnly) await this.#control!.saveCheckpoint(this.#lastPath);
  }

  /** The best so far. */
  state(): CallbackState {
    return { json: { best: this.#best, bestEpoch: this.#bestEpoch } };
  }
}

/**
 * The best epoch that a checkpoint knows of, counted from 0; null where none was good enough, or its
 * training kept no best.
 */
export function bestEpochIn({ callbacks }: Pick<Checkpoint, "callbacks">): number | null {
  const state = callbacks[ModelCheckpoint.name]?.json as ModelCheckpointState | undefined;
  return state?.bestEpoch ?? null;
}

const settings = z.strictObject({
  ...monitorSettings,
  saveBestOnly: z.boolean().default(false).describe(
    "write no last.safetensors; an interrupted training then resumes after the best epoch",
  ),
  initialValueThreshold: z.number().nullable().default(null).describe(
    "only what beats this value is kept as a first best",
  ),
}).prefault({}).describe("which epochs are kept");

/** {@linkcode ModelCheckpoint} in the training settings. */
export const checkpoint: CallbackKind<typeof settings> = {
  settings,
  create: (settings, { best, last }) =>
    new ModelCheckpoint({ ...settings, bestPath: best, lastPath: last }),
};
