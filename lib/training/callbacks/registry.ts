import type { Callback } from "../callback.ts";
import { EarlyStopping, type EarlyStoppingOptions } from "./early_stopping.ts";
import { History } from "./history.ts";
import { ModelCheckpoint, type ModelCheckpointOptions } from "./model_checkpoint.ts";
import { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce_lr_on_plateau.ts";
import { TensorBoard } from "./tensor_board.ts";
import { TerminateOnNaN } from "./terminate_on_nan.ts";

/** The callbacks' part of the training settings; `callbackSettings` is its schema. */
export interface CallbackSettings {
  /** Which epochs are kept. */
  checkpoint: Omit<ModelCheckpointOptions, "folder">;
  /** False: never stop early. */
  earlyStopping: false | EarlyStoppingOptions;
  /** False: never lower the rate. */
  reduceLearningRate: false | ReduceLROnPlateauOptions;
  /** Whether event files are written. */
  tensorBoard: boolean;
  /** Whether a loss that is no finite number ends training. */
  terminateOnNaN: boolean;
}

/** Makes a callback from the training settings, or none where they switch it off. */
export type CallbackMaker = (settings: CallbackSettings, runFolder: string) => Callback | undefined;

/**
 * Every callback by name, in the order in which they are called: those that change the logs or
 * the training first, then those that write, and last the checkpoint, which holds all their states.
 */
export const callbackMakers: Record<string, CallbackMaker> = {
  TerminateOnNaN: ({ terminateOnNaN }) => terminateOnNaN ? new TerminateOnNaN() : undefined,
  ReduceLROnPlateau: ({ reduceLearningRate }) =>
    reduceLearningRate ? new ReduceLROnPlateau(reduceLearningRate) : undefined,
  EarlyStopping: ({ earlyStopping }) =>
    earlyStopping ? new EarlyStopping(earlyStopping) : undefined,
  History: (_settings, folder) => new History({ path: `${folder}/history.jsonl` }),
  TensorBoard: ({ tensorBoard }, folder) =>
    tensorBoard ? new TensorBoard({ folder: `${folder}/tensorboard` }) : undefined,
  ModelCheckpoint: ({ checkpoint }, folder) =>
    new ModelCheckpoint({ ...checkpoint, folder: `${folder}/checkpoints` }),
};

/**
 * The callbacks that the settings ask for, in the order in which they must be called.
 *
 * @param runFolder where they write: `history.jsonl`, `checkpoints/`, `tensorboard/`
 * @param own the user's callbacks; called first, so that others may monitor what they log
 * @throws RangeError where a mode is `auto` and the monitor's name does not tell it
 */
export function createCallbacks(
  settings: CallbackSettings,
  runFolder: string,
  own: Callback[] = [],
): Callback[] {
  const made = Object.values(callbackMakers).map((make) => make(settings, runFolder));
  return [...own, ...made.filter((callback) => callback !== undefined)];
}
