import { ToldError } from "./told_error.ts";

/**
 * The cells that were asked to run together with one that was interrupted. Jupyter asks for all at
 * once and expects the kernel to drop the rest after an error; Deno's (2.9) runs them. So each says
 * in one sentence that it was not run, instead of failing at whatever it misses first.
 */
export class CellsBelow {
  readonly #quiet: number;
  #isStopped = false;
  #work?: string;
  #timer?: ReturnType<typeof setTimeout>;
  #prepareStackTrace?: unknown;

  /** @param quiet milliseconds without another cell after which those to come are new requests */
  constructor(quiet: number) {
    this.#quiet = quiet;
  }

  /** Stops those that follow at once. @param work the label of what was interrupted, if known */
  stop(work?: string): void {
    this.#work = work ?? this.#work;
    if (!this.#isStopped) {
      this.#isStopped = true;
      // What the kernel shows of an error is its stack, such as that of a name not defined.
      this.#prepareStackTrace = traces.prepareStackTrace;
      traces.prepareStackTrace = () => {
        this.#wait();
        return this.#error().stack;
      };
    }
    this.#wait();
  }

  /**
   * Does nothing unless cells are stopped. The interrupted work itself may run again at any time.
   *
   * @throws {ToldError} saying that the cell was not run
   */
  check(work?: string): void {
    if (!this.#isStopped) return;
    if (work !== undefined && work === this.#work) return this.#end();
    this.#wait();
    throw this.#error();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), this.#quiet);
  }

  #end(): void {
    clearTimeout(this.#timer);
    traces.prepareStackTrace = this.#prepareStackTrace;
    this.#isStopped = false;
    this.#work = undefined;
  }

  #error(): ToldError {
    const what = this.#work === undefined ? "a cell above" : `"${this.#work}" above`;
    return new ToldError(
      "Not run",
      `${what} was interrupted. Run that cell again, then this one.`,
    );
  }
}

const traces = Error as unknown as { prepareStackTrace?: unknown };

/** Those of this kernel's notebook. Cells of one request follow each other within milliseconds. */
export const cellsBelow = new CellsBelow(1000);
