import process from "node:process";
import cliProgress from "cli-progress";

/** Seconds between lines where standard error is not a terminal. */
const LINE_SECONDS = 10;

/** Progress on standard error: a bar on a terminal, a line every ten seconds elsewhere. */
export class Progress {
  #terminal = Deno.stderr.isTerminal();
  #bar?: cliProgress.SingleBar;
  #stage = "";
  #lastLine = performance.now();

  /** Prints a line. */
  say(line: string): void {
    this.#endBar();
    console.error(line);
  }

  /** Shows how far a stage is; a note, such as speed and time left, replaces the estimated time. */
  show(stage: string, done: number, total: number, note?: string): void {
    if (this.#terminal) this.#showBar(stage, done, total, note);
    else this.#showLine(stage, done, total, note);
  }

  /** Ends the bar, if there is one. */
  finish(): void {
    this.#endBar();
  }

  #showBar(stage: string, done: number, total: number, note?: string): void {
    if (this.#bar === undefined || this.#stage !== stage) {
      this.#endBar();
      this.#stage = stage;
      this.#bar = new cliProgress.SingleBar({
        format: `${stage} {bar} {value}/{total} ${
          note === undefined ? "{eta_formatted}" : "{note}"
        }`,
        clearOnComplete: true,
        hideCursor: true,
        stream: process.stderr,
      }, cliProgress.Presets.shades_classic);
      this.#bar.start(total, done, { note });
    }
    this.#bar.update(done, { note });
    if (done >= total) this.#endBar();
  }

  #showLine(stage: string, done: number, total: number, note?: string): void {
    if (performance.now() - this.#lastLine < LINE_SECONDS * 1000) return;
    this.#lastLine = performance.now();
    console.error(`${stage} ${done}/${total}${note === undefined ? "" : `, ${note}`}`);
  }

  #endBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
