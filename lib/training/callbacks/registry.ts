import { z } from "zod";
import type { Callback } from "../callback.ts";
import type { Listener } from "../../progress/mod.ts";
import type { CallbackKind, CallbackPaths } from "./callback_kind.ts";
import { checkMonitors } from "./check_monitors.ts";
import type { DevScorer } from "../dev_scorer.ts";
import { devScores } from "./dev_scores.ts";
import { earlyStopping } from "./early_stopping.ts";
import { history } from "./history.ts";
import { checkpoint } from "./model_checkpoint.ts";
import { reduceLearningRate } from "./reduce_lr_on_plateau.ts";
import { tensorBoard } from "./tensor_board.ts";
import { selfCritical } from "./self_critical.ts";
import { terminateOnNaN } from "./terminate_on_nan.ts";

/**
 * Every callback under the name of its settings, in the order in which they are called: those that
 * change the logs or the training first, then those that write, and last the checkpoint, which
 * holds all their states.
 */
const kinds = {
  terminateOnNaN,
  selfCritical,
  devScores,
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

/** Options of {@linkcode createCallbacks}. */
export interface CallbackOptions extends Pick<Listener, "say"> {
  /** Whether there are dev photos, so that epochs report `val_loss`. @default {true} */
  hasDev?: boolean;
  /** The user's callbacks; called first, so that others may monitor what they log. @default {[]} */
  own?: Callback[];
  /** What `devScores` is scored by; without it nothing is. */
  scorer?: DevScorer;
}

/**
 * The callbacks that the settings ask for, in the order in which they must be called. Without dev
 * photos those that monitor `val_loss` watch `loss` instead, which is said.
 *
 * @param paths where they write
 * @throws {RangeError} if no epoch will report a monitored figure, or a mode is `auto` and the
 * monitor's name does not tell the direction
 */
export function createCallbacks(
  settings: CallbackSettings,
  paths: CallbackPaths,
  { hasDev = true, own = [], scorer, say }: CallbackOptions = {},
): Callback[] {
  const wanted = Object.entries(kinds as Record<string, CallbackKind>)
    .map(([name, kind]) => ({ name, kind, settings: settings[name as Settable] as unknown }));
  if (!hasDev) watchLoss(wanted, say);
  checkMonitors([
    ...own.map(({ name, reports, onEpochEnd }) => ({
      name,
      reports: reports ?? (onEpochEnd === undefined ? [] : undefined),
    })),
    ...wanted.map(({ name, kind, settings }) => ({
      name,
      monitor: monitorIn(settings),
      reports: kind.reports?.(settings) ?? [],
    })),
  ], hasDev ? ["loss", "val_loss"] : ["loss"]);
  const made = wanted.map(({ kind, settings }) =>
    kind.create(settings, paths, hasDev ? scorer : undefined)
  );
  return [...own, ...made.filter((callback) => callback !== undefined)];
}

/** Nothing is measured on dev photos where there are none. */
function watchLoss(
  wanted: { name: string; kind: CallbackKind; settings: unknown }[],
  say: Listener["say"],
): void {
  const scores = wanted.find(({ kind }) => kind === devScores as CallbackKind)!;
  const figures = ["val_loss", ...devScores.reports!(scores.settings as never)];
  scores.settings = undefined;
  const changed = wanted.filter(({ settings }) => figures.includes(monitorIn(settings) ?? ""));
  for (const one of changed) {
    one.settings = { ...one.settings as object, monitor: "loss", mode: "auto" };
  }
  if (changed.length === 0) return;
  const names = changed.map(({ name }) => name).join(", ");
  const none = figures.length === 1 ? "no val_loss" : "no val_loss and no dev scores";
  say?.(`There are no dev photos, so ${none}: watching loss instead (${names})`);
}

function monitorIn(settings: unknown): string | undefined {
  return (settings as { monitor?: string } | undefined)?.monitor;
}
