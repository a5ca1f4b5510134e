import { z } from "zod";
import type { Logs } from "../callback.ts";

/** Which way a monitored figure gets better; `auto` tells it from the name. */
export type MonitorMode = "auto" | "min" | "max";

/** Settings: the figure that a callback watches, and which way it gets better. */
export const monitorSettings = {
  monitor: z.string().min(1).default("val_loss").describe(
    "the figure of an epoch that is watched: loss, or val_loss, which is loss without dev photos",
  ),
  mode: z.enum(["auto", "min", "max"]).default("auto").describe(
    "which way that figure gets better; auto tells it from the name",
  ),
};

const smallerIsBetter = ["loss", "perplexity", "seconds"];
const largerIsBetter = ["accuracy", "acc", "bleu", "rouge", "cider", "meteor", "reward"];

/** Watches one figure of an epoch, as Keras' MonitorCallback does. */
export class Monitor {
  readonly #owner: string;
  readonly #sign: 1 | -1; // +1: larger is better
  readonly #minDelta: number;

  /**
   * @param owner the callback's name, for messages
   * @param name the figure, such as `val_loss`
   * @param mode which way is better
   * @param minDelta a change up to this does not count as an improvement; its sign is ignored
   * @throws {RangeError} if `mode` is `auto` and the name does not tell the direction
   */
  constructor(owner: string, readonly name: string, mode: MonitorMode = "auto", minDelta = 0) {
    this.#owner = owner;
    this.#sign = direction(owner, name, mode);
    this.#minDelta = Math.abs(minDelta);
  }

  /**
   * The figure of this epoch.
   *
   * @throws {RangeError} if it is missing (the message lists what was reported) or is not a number
   */
  value(epoch: number, logs: Logs): number {
    const value = logs[this.name];
    if (value === undefined) {
      throw new RangeError(
        `${this.#owner} monitors "${this.name}", which epoch ${epoch + 1} did not report; ` +
          `it reported: ${Object.keys(logs).join(", ") || "nothing"}`,
      );
    }
    if (Number.isNaN(value)) {
      throw new RangeError(
        `${this.#owner} monitors "${this.name}", which is not a number (NaN) ` +
          `at the end of epoch ${
            epoch + 1
          }; a smaller learning rate or gradient clipping may help. ` +
          `This epoch reported: ${Object.keys(logs).join(", ")}`,
      );
    }
    return value;
  }

  /** Whether `value` beats `reference` by more than the least change; anything beats none. */
  improves(value: number, reference: number | null): boolean {
    if (reference === null) return true;
    return this.#sign > 0 ? value - this.#minDelta > reference : value + this.#minDelta < reference;
  }
}

function direction(owner: string, name: string, mode: MonitorMode): 1 | -1 {
  if (mode !== "auto") return mode === "max" ? 1 : -1;
  const metric = name.replace(/^val_/, "");
  const is = (known: string) => new RegExp(`^${known}(?![a-z])`, "i").test(metric);
  if (smallerIsBetter.some(is)) return -1;
  if (largerIsBetter.some(is)) return 1;
  throw new RangeError(
    `${owner} cannot tell whether a larger or a smaller "${name}" is better; ` +
      `set its mode to "max" or "min"`,
  );
}
