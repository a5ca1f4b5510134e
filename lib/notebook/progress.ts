import { type Listener, TimeLeft } from "../progress/mod.ts";
import { amount } from "../stages/mod.ts";
import { visible } from "../text/mod.ts";
import { cellsBelow } from "./cells_below.ts";
import { escapeHtml } from "./html.ts";
import { onInterrupt } from "./interrupts.ts";
import { display, inNotebook, updateDisplay } from "./kernel.ts";
import { printLine } from "./print_line.ts";
import { inSettings } from "./settings_words.ts";
import { ToldError } from "./told_error.ts";

/** Options of {@linkcode progress}. */
export interface ProgressOptions<T> {
  /** What the bar says in the end. @default {"done"} */
  outcome?: (result: T) => string;
  /** Epochs of a training, so that the bar and the time left are those of all. @default {1} */
  epochs?: number;
  /** Least number of milliseconds between two updates. @default {250} */
  interval?: number;
}

/**
 * Does long work under a bar that shows how far it is and the time left. Jupyter's interrupt (■)
 * ends it at its next safe moment, see {@linkcode listenForInterrupts}. Outside a notebook one line
 * is printed at the end.
 *
 * @param work gets the listener to pass on; its lines are printed below the bar
 * @throws {Error} what the work throws; after an interrupt, and in the cells below it that were to
 * run after it, one sentence, without a stack
 */
export async function progress<T>(
  label: string,
  work: (listener: Required<Listener>) => Promise<T>,
  options: ProgressOptions<T> = {},
): Promise<T> {
  const { outcome = () => "done", epochs = 1, interval = 250 } = options;
  cellsBelow.check(label);
  const bar = new Bar(label, epochs, interval);
  const interrupt = new AbortController();
  const { signal } = interrupt;
  using _listening = onInterrupt(() => interrupt.abort(interrupted(bar.position)));
  await bar.begin();
  try {
    const result = await work({
      signal,
      onProgress: (stage, done, total, note) => bar.show(stage, done, total, note),
      say: (line) => printLine(inSettings(line)),
    });
    await bar.end(outcome(result));
    return result;
  } catch (error) {
    await bar.end(signal.aborted ? "interrupted" : "failed");
    if (signal.aborted && inNotebook()) cellsBelow.stop(label);
    throw signal.aborted ? signal.reason : translated(error);
  }
}

function interrupted(position: string | undefined): ToldError {
  const where = position === undefined ? "here" : `at ${position}`;
  return new ToldError(
    "Interrupted",
    `${where}. What is finished is kept; run this cell again to resume.`,
  );
}

/** The error with the settings cell's words in place of a command line's, and none that Jupyter obeys. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack } = error;
  error.message = visible(inSettings(message));
  if (stack?.includes(message)) error.stack = stack.replace(message, () => error.message);
  return error;
}

interface State {
  stage: string;
  done: number;
  total: number;
  note?: string;
}

class Bar {
  readonly #label: string;
  readonly #epochs: number;
  readonly #interval: number;
  readonly #id = crypto.randomUUID();
  readonly #isShown = inNotebook();
  #time?: TimeLeft;
  #state?: State;
  #last = -Infinity;
  #sent: Promise<void> = Promise.resolve();

  constructor(label: string, epochs: number, interval: number) {
    this.#label = label;
    this.#epochs = epochs;
    this.#interval = interval;
  }

  /** Such as `epoch 3, 12 of 79 steps`. */
  get position(): string | undefined {
    if (this.#state === undefined) return undefined;
    const { stage, done, total } = this.#state;
    return `${stage.toLowerCase()}, ${amount(stage, done, total)}`;
  }

  async begin(): Promise<void> {
    if (this.#isShown) await display(this.#bundle("", ""), this.#id);
  }

  /** Shows how far the work is; most calls are dropped, so that it costs nothing. */
  show(stage: string, done: number, total: number, note?: string): void {
    const before = this.#state;
    this.#state = { stage, done, total, note };
    const [all, of] = this.#ofAllEpochs();
    if (before === undefined || (before.stage !== stage && of === total)) {
      this.#time = new TimeLeft(all);
    }
    const now = performance.now();
    if (!this.#isShown || now - this.#last < this.#interval) return;
    this.#last = now;
    const words = [amount(stage, done, total), note, this.#time?.text(all, of)];
    const where = of > total ? `${stage} of ${this.#epochs}: ` : `${stage}: `;
    const text = where + words.filter((part) => part !== undefined).join(", ");
    const share = of > 0 ? `value="${all}" max="${of}"` : "";
    this.#sent = this.#sent.then(() => updateDisplay(this.#bundle(share, text), this.#id));
  }

  /** Shows how the work ended. */
  async end(text: string): Promise<void> {
    const [all, of] = this.#ofAllEpochs();
    await this.#sent;
    const isDone = text !== "interrupted" && text !== "failed";
    const share = isDone ? 'value="1"' : `value="${all}" max="${of || 1}"`;
    const end = this.#bundle(
      share,
      isDone || !this.position ? text : `${text} at ${this.position}`,
    );
    await (this.#isShown ? updateDisplay(end, this.#id) : display(end));
  }

  /** What is done, and all that there is, over the epochs where the stage is one of several. */
  #ofAllEpochs(): [done: number, total: number] {
    const { stage = "", done = 0, total = 0 } = this.#state ?? {};
    const epoch = Number(/^Epoch (\d+)$/.exec(stage)?.[1] ?? 0);
    if (epoch === 0 || this.#epochs === 1) return [done, total];
    return [(epoch - 1) * total + done, this.#epochs * total];
  }

  #bundle(share: string, text: string): Record<string, string> {
    const style = "display: flex; gap: 0.75em; align-items: center; white-space: nowrap; " +
      "font-variant-numeric: tabular-nums";
    return {
      "text/html": `<div style="${style}"><b>${escapeHtml(this.#label)}</b>` +
        `<progress ${share} style="width: 16em"></progress><span>${escapeHtml(text)}</span></div>`,
      "text/plain": [this.#label, text].filter((part) => part !== "").join(": "),
    };
  }
}
