import { z } from "zod";
import type { Callback } from "../callback.ts";
import type { CallbackKind, CallbackPaths } from "./callback_kind.ts";
import { earlyStopping } from "./early_stopping.ts";
import { history } from "./history.ts";
import { checkpoint } from "./model_checkpoint.ts";
import { reduceLearningRate } from "./reduce_lr_on_plateau.ts";
import { tensorBoard } from "./tensor_board.ts";
import { terminateOnNaN } from "./terminate_on_nan.ts";

/**
 * Every callback under the name of its settings, in the order in which they are called: those that
 * change the logs or the training first, then those that write, and last the checkpoint, which
 * holds all their states.
 */
const kinds = {
  terminateOnNaN,
  reduceLearningRate,
  earlyStopping,
  history,
  tensorBoard,
  checkpoint,
};

type Kinds = typeof kinds;

/** The kinds that can be set; {@linkcode History} cannot. */
type Settable = {
  [K in keyof Kinds]: Kinds[K]["settings"] extends z.ZodUndefined ? never : K;
}[keyof Kinds];

/**
 * The fields that callbacks add to the training settings; spread them into its object.
 *
 * @internal
 */
export const callbackSettings = Object.fromEntries(
  Object.entries(kinds)
    .filter(([, { settings }]) => !(settings instanceof z.ZodUndefined))
    .map(([name, { settings }]) => [name, settings]),
) as unknown as { [K in Settable]: Kinds[K]["settings"] };

/**
 * The callbacks' part of the training settings.
 *
 * @internal
 */
export type CallbackSettings = z.infer<z.ZodObject<typeof callbackSettings>>;

/**
 * The callbacks that the settings ask for, in the order in which they must be called.
 *
 * @param paths where they write
 * @param own the user's callbacks; called first, so that others may monitor what they log
 * @throws {RangeError} if a mode is `auto` and the monitor's name does not tell the direction
 */
export function createCallbacks(
  settings: CallbackSettings,
  paths: CallbackPaths,
  own: Callback[] = [],
): Callback[] {
  const made = Object.entries(kinds as Record<string, CallbackKind>).map(([name, kind]) =>
    kind.create(settings[name as Settable], paths)
  );
  return [...own, ...made.filter((callback) => callback !== undefined)];
}
