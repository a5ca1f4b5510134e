import process from "node:process";
import cliProgress from "cli-progress";
import { TimeLeft } from "../progress/mod.ts";
import { amount } from "../stages/mod.ts";
import { visible } from "../text/mod.ts";
import { printErrorLine } from "./print_line.ts";

/** Seconds between lines where standard error is not a terminal. */
const LINE_SECONDS = 10;

/** The widest bar, in columns. */
const WIDEST = 40;

interface Stage {
  name: string;
  done: number;
  total: number;
  time: TimeLeft;
}

/**
 * Progress on standard error: a bar on a terminal, a line every ten seconds elsewhere. While a bar
 * is drawn the terminal has no cursor and does not wrap lines: everything else that is printed goes
 * through here, or comes after {@linkcode Progress.finish}.
 */
export class Progress {
  #terminal = Deno.stderr.isTerminal();
  #bar?: cliProgress.SingleBar;
  #stage?: Stage;
  #lastLine = performance.now();

  /** Where the work stands, such as `at epoch 3, 12 of 79 steps`; undefined before the first stage. */
  get position(): string | undefined {
    if (this.#stage === undefined) return undefined;
    const { name, done, total } = this.#stage;
    const stage = name.toLowerCase();
    return total === 0 || done < total
      ? `at ${stage}, ${amount(name, done, total)}`
      : `after ${stage}`;
  }

  /** Prints a line. */
  say(line: string): void {
    this.finish();
    printErrorLine(line);
  }

  /** Shows how far a stage is, a note such as its speed, and the time left as soon as it is known. */
  show(name: string, done: number, total: number, note?: string): void {
    if (this.#stage?.name !== name) {
      this.finish();
      this.#stage = { name, done, total, time: new TimeLeft(done) };
    }
    const stage = Object.assign(this.#stage!, { done, total });
    const rest = [note, stage.time.text(done, total)].filter((part) => part !== undefined);
    if (this.#terminal) this.#showBar(stage, rest.join(", "));
    else this.#showLine(stage, rest);
  }

  /** Ends the bar, if there is one. */
  finish(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #showBar({ name, done, total }: Stage, rest: string): void {
    if (this.#bar === undefined) {
      this.#bar = new cliProgress.SingleBar({
        format: drawBar,
        clearOnComplete: true,
        hideCursor: true,
        stream: process.stderr,
      });
      this.#bar.start(total, done, { name, rest });
    }
    this.#bar.setTotal(total);
    this.#bar.update(done, { name, rest });
    if (total > 0 && done >= total) this.finish();
  }

  #showLine({ name, done, total }: Stage, rest: string[]): void {
    if (performance.now() - this.#lastLine < LINE_SECONDS * 1000) return;
    this.#lastLine = performance.now();
    printErrorLine([`${name} ${done}${total > 0 ? `/${total}` : ""}`, ...rest].join(", "));
  }
}

/** A bar that fits the terminal; where that is too narrow even for the words, these are cut. */
function drawBar(
  _options: unknown,
  { value, total }: { value: number; total: number },
  { name, rest }: { name: string; rest: string },
): string {
  const { columns } = Deno.consoleSize();
  const words = [`${name} `, ` ${value}${total > 0 ? `/${total}` : ""}  ${rest}`].map(visible);
  const width = Math.min(WIDEST, columns - words.join("").length - 1);
  const full = Math.round(width * (total > 0 ? Math.min(1, value / total) : 0));
  const bar = width < 5 ? "" : "█".repeat(full) + "░".repeat(width - full);
  return words.join(bar).trimEnd().slice(0, columns - 1);
}
