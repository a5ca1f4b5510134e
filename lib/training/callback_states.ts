import type { Callback, CallbackState } from "./callback.ts";

/** States of the callbacks that keep one, by name. */
export function callbackStates(callbacks: readonly Callback[]): Record<string, CallbackState> {
  return Object.fromEntries(
    callbacks.flatMap((callback) => callback.state ? [[callback.name, callback.state()]] : []),
  );
}

/**
 * Checks that no two callbacks would keep their states under one name.
 *
 * @throws {RangeError} naming the first two that would
 */
export function checkCallbackNames(callbacks: readonly Callback[]): void {
  const names = callbacks.filter(({ state }) => state).map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new RangeError(
    `Two callbacks are named "${twice}", under which a checkpoint keeps the state of one: ` +
      "set another name on the other",
  );
}
