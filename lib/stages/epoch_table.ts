import type { Callback, Logs } from "../training/mod.ts";

/** Columns narrower than this would make the table jump. */
const NARROWEST = 7;

/**
 * The epochs as a table that grows: a line each, the best so far marked, and below it what
 * callbacks said of it.
 */
export class EpochTable {
  readonly #epochs: number;
  readonly #isBest: (epoch: number) => boolean;
  readonly #say: (line: string) => void;
  #heading?: string;
  #held?: string[];

  /** @param isBest asked at the end of each epoch, after all other callbacks */
  constructor(
    epochs: number,
    isBest: (epoch: number) => boolean,
    say: (line: string) => void,
  ) {
    this.#epochs = epochs;
    this.#isBest = isBest;
    this.#say = say;
  }

  /** Says a line: at once, or below the epoch's line where that is still to come. */
  readonly say = (line: string): void => {
    if (this.#held) this.#held.push(line);
    else this.#say(line);
  };

  /** Puts the table around the callbacks of a training. */
  around(callbacks: readonly Callback[]): Callback[] {
    return [
      { name: "EpochTable, before", onEpochEnd: () => void (this.#held = []) },
      ...callbacks,
      { name: "EpochTable", onEpochEnd: (epoch, logs) => this.#add(epoch, logs) },
    ];
  }

  /** Says what is still held, where training ended before the epoch's line. */
  flush(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.#say(line);
  }

  #add(epoch: number, logs: Logs): void {
    const names = Object.keys(logs);
    const widths = names.map((name) => Math.max(NARROWEST, name.length));
    const row = (first: string, cells: string[], mark: string) =>
      [first.padStart(7), ...cells.map((cell, i) => cell.padStart(widths[i])), mark].join("  ");
    const heading = row("epoch", names, "").trimEnd();
    if (heading !== this.#heading) this.#say(this.#heading = heading);
    const cells = Object.entries(logs).map(([name, value]) => epochFigure(name, value));
    const mark = this.#isBest(epoch) ? "best" : "";
    this.#say(row(`${epoch + 1}/${this.#epochs}`, cells, mark).trimEnd());
    this.#held = this.#held?.map((line) => `         ${line}`);
    this.flush();
  }
}

/** Losses and metrics with four decimals, seconds with one, the learning rate as it is. */
export function epochFigure(name: string, value: number): string {
  if (name === "seconds") return value.toFixed(1);
  if (name === "learning_rate") return String(Number(value.toPrecision(3)));
  return value.toFixed(4);
}
