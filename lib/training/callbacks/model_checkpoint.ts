import { explainWriteError } from "../../storage/mod.ts";
import type { Callback, Logs, TrainingControl } from "../callback.ts";
import { Monitor, type MonitorMode } from "./monitor.ts";

/** Options of {@linkcode ModelCheckpoint}. */
export interface ModelCheckpointOptions {
  /** The folder that `best.safetensors` and `last.safetensors` go to; made where it is missing. */
  folder: string;
  /** The watched figure. @default {"val_loss"} */
  monitor?: string;
  /** Which way it gets better. @default {"auto"} */
  mode?: MonitorMode;
  /** Write no `last.safetensors`; an interrupted training then cannot go on. @default {false} */
  saveBestOnly?: boolean;
  /** Only what beats this is a first best. @default {null} */
  initialValueThreshold?: number | null;
}

/**
 * Keeps the best and the last epoch's checkpoint, as Keras' ModelCheckpoint.
 *
 * Keras writes one file: every epoch, or the best only. Here both are kept, under two names.
 * List it after the callbacks whose states the checkpoint should hold.
 */
export class ModelCheckpoint implements Callback {
  readonly name = "ModelCheckpoint";
  readonly #folder: string;
  readonly #saveBestOnly: boolean;
  readonly #threshold: number | null;
  readonly #monitor: Monitor;
  #control?: TrainingControl;
  #best: number | null;
  #bestEpoch: number | null = null;

  /**
   * Checks the options.
   *
   * @throws RangeError where the mode is `auto` and the monitor's name does not tell it
   */
  constructor(options: ModelCheckpointOptions) {
    this.#folder = options.folder.replace(/\/+$/, "");
    this.#saveBestOnly = options.saveBestOnly ?? false;
    this.#threshold = options.initialValueThreshold ?? null;
    this.#best = this.#threshold;
    this.#monitor = new Monitor(this.name, options.monitor ?? "val_loss", options.mode);
  }

  /** Where the best epoch's checkpoint lies. */
  get bestPath(): string {
    return `${this.#folder}/best.safetensors`;
  }

  /** Where the last epoch's checkpoint lies. */
  get lastPath(): string {
    return `${this.#folder}/last.safetensors`;
  }

  /** The best value so far, the threshold at first. */
  get best(): number | null {
    return this.#best;
  }

  /** The epoch of the best value, counted from 0; null where none was good enough yet. */
  get bestEpoch(): number | null {
    return this.#bestEpoch;
  }

  /** Makes the folder. */
  async onTrainBegin(control: TrainingControl): Promise<void> {
    this.#control = control;
    await Deno.mkdir(this.#folder, { recursive: true }).catch((error) => {
      throw explainWriteError(error, this.bestPath, this.#folder);
    });
  }

  /** Writes `best.safetensors` where the epoch is the best, then `last.safetensors`. */
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const control = this.#control!;
    const value = this.#monitor.value(epoch, logs);
    if (this.#monitor.improves(value, this.#best)) {
      const before = this.#best === null ? "" : ` from ${this.#best.toFixed(5)}`;
      const previous = { best: this.#best, bestEpoch: this.#bestEpoch };
      this.#best = value; // first: the checkpoint holds this callback's state too
      this.#bestEpoch = epoch;
      try {
        await control.saveCheckpoint(this.bestPath);
      } catch (error) {
        this.restore(previous);
        throw error;
      }
      control.say(
        `Epoch ${epoch + 1}: ${this.#monitor.name} improved${before} to ${value.toFixed(5)}`,
      );
    }
    // The best comes first. Killed between the two, training goes on from the epoch before and
    // writes the same best again; the other way round it would know of a best that is in no file.
    if (!this.#saveBestOnly) await control.saveCheckpoint(this.lastPath);
  }

  /** The best so far: a training that goes on replaces it by nothing worse. */
  state(): { best: number | null; bestEpoch: number | null } {
    return { best: this.#best, bestEpoch: this.#bestEpoch };
  }

  /** Takes back what `state()` gave. */
  restore(state: unknown): void {
    const { best, bestEpoch } = state as ReturnType<ModelCheckpoint["state"]>;
    this.#best = best;
    this.#bestEpoch = bestEpoch;
  }
}
