import { z } from "zod";
import { exists, explainWriteError } from "../../storage/mod.ts";
import type { Callback, CallbackState, Logs, TrainingControl } from "../callback.ts";
import type { CallbackKind } from "./callback_kind.ts";
import { scalarRecord, versionRecord } from "./event_file.ts";

/** Options of {@linkcode TensorBoard}. */
export interface TensorBoardOptions {
  /** The log directory; `train/` and `validation/` are made in it. */
  folder: string;
  /** Milliseconds since 1970. @default {Date.now} */
  now?: () => number;
}

/** The files and how far they were written. */
interface TensorBoardState {
  /** By `train` and `validation`: the file's name and length. */
  files: Record<string, { name: string; bytes: number }>;
}

/**
 * Writes the figures of every epoch as TensorBoard event files, with Keras' names: `epoch_loss`,
 * `epoch_learning_rate` in `train/`, and `epoch_loss` in `validation/` for `val_loss`.
 *
 * A resumed training cuts its files back to the last epoch that the checkpoint knows.
 */
export class TensorBoard implements Callback {
  /** Set another name where a training has two of them. */
  name = "TensorBoard";
  readonly #folder: string;
  readonly #now: () => number;
  #files: TensorBoardState["files"] = {};
  #control?: TrainingControl;

  /** Writes nothing yet. */
  constructor(options: TensorBoardOptions) {
    this.#folder = options.folder.replace(/\/+$/, "");
    this.#now = options.now ?? Date.now;
  }

  /** Cuts the files of a resumed training back; those of another are left alone. */
  async onTrainBegin(control: TrainingControl, state?: CallbackState): Promise<void> {
    this.#control = control;
    const known = state?.json as TensorBoardState | undefined;
    this.#files = structuredClone(known?.files ?? {});
    for (const [part, { name, bytes }] of Object.entries(this.#files)) {
      const path = `${this.#folder}/${part}/${name}`;
      const size = await Deno.stat(path).then((info) => info.size, () => 0);
      if (size >= bytes) await Deno.truncate(path, bytes);
      else delete this.#files[part]; // gone: a new file continues from here
    }
  }

  /** Appends the epoch's figures. */
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    logs.learning_rate ??= this.#control!.learningRate;
    const names = Object.keys(logs);
    await this.#append("train", epoch, logs, names.filter((name) => !name.startsWith("val_")));
    await this.#append("validation", epoch, logs, names.filter((name) => name.startsWith("val_")));
  }

  /** The files and their lengths. */
  state(): CallbackState {
    return { json: { files: structuredClone(this.#files) } };
  }

  async #append(part: string, epoch: number, logs: Logs, names: string[]): Promise<void> {
    if (names.length === 0) return;
    const wallTime = this.#now() / 1000;
    const scalars = Object.fromEntries(
      names.map((name) => [`epoch_${name.replace(/^val_/, "")}`, logs[name]]),
    );
    const event = scalarRecord({ wallTime, step: epoch, scalars });
    const file = this.#files[part] ?? { name: await this.#newFile(part, wallTime), bytes: 0 };
    const path = `${this.#folder}/${part}/${file.name}`;
    const bytes = file.bytes > 0 ? event : new Uint8Array([...versionRecord(wallTime), ...event]);
    try {
      await Deno.mkdir(`${this.#folder}/${part}`, { recursive: true });
      await Deno.writeFile(path, bytes, { append: true });
    } catch (error) {
      throw explainWriteError(error, path);
    }
    file.bytes += bytes.length;
    this.#files[part] = file;
  }

  /** `events.out.tfevents.SECONDS.HOST.PID.COUNT.v2`, as TensorFlow; the host's name is left out. */
  async #newFile(part: string, wallTime: number): Promise<string> {
    const seconds = String(Math.floor(wallTime)).padStart(10, "0");
    for (let count = 0;; count++) {
      const name = `events.out.tfevents.${seconds}.showtell.${Deno.pid}.${count}.v2`;
      if (!await exists(`${this.#folder}/${part}/${name}`)) return name;
    }
  }
}

const settings = z.boolean().default(false).describe("write TensorBoard event files to the run");

/** {@linkcode TensorBoard} in the training settings. */
export const tensorBoard: CallbackKind<typeof settings> = {
  settings,
  create: (isOn, paths) => isOn ? new TensorBoard({ folder: paths.tensorBoard }) : undefined,
};
