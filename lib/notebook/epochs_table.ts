import { epochFigure } from "../stages/mod.ts";
import { type Callback, History, ModelCheckpoint } from "../training/mod.ts";
import { escapeHtml } from "./html.ts";
import { display, updateDisplay } from "./kernel.ts";
import { printLine } from "./print_line.ts";

/** What a callback said, by the epoch it said it of, counted from 0. */
type Notes = Map<number, string[]>;

/**
 * A table under the cell that grows with the epochs, those of an interrupted training included: a
 * row each, the best so far marked, and beside it what callbacks said of it.
 */
export class EpochsTable implements Callback {
  /** Set another name where a training has two of them. */
  name = "EpochsTable";
  readonly #epochs: number;
  readonly #history?: History;
  readonly #checkpoint?: ModelCheckpoint;
  readonly #notes: Notes = new Map();
  #heard: string[] = [];
  #id?: string;

  /**
   * List it after these callbacks.
   *
   * @param callbacks those of the training: its History and its ModelCheckpoint are shown
   */
  constructor(epochs: number, callbacks: readonly Callback[]) {
    this.#epochs = epochs;
    this.#history = callbacks.find((each) => each instanceof History);
    this.#checkpoint = callbacks.find((each) => each instanceof ModelCheckpoint);
  }

  /** Keeps a line for the row of the epoch that ends; the training's `say`. */
  readonly say = (line: string): void => void this.#heard.push(line);

  /** Begins another table, where the cell is run again. */
  onTrainBegin(): void {
    this.#id = undefined;
  }

  /** Adds the epoch's row. */
  async onEpochEnd(epoch: number): Promise<void> {
    this.#notes.set(epoch, this.#heard.splice(0));
    const bundle = this.#bundle();
    if (this.#id !== undefined) return await updateDisplay(bundle, this.#id);
    this.#id = crypto.randomUUID();
    await display(bundle, this.#id);
  }

  /** Prints what belongs to no epoch. */
  onInterrupt(): void {
    for (const line of this.#heard.splice(0)) printLine(line);
  }

  /** Likewise. */
  onTrainEnd(): void {
    this.onInterrupt();
  }

  #bundle(): Record<string, string> {
    const lines = this.#history?.lines ?? [];
    const best = this.#checkpoint?.bestEpoch;
    const names = Object.keys(lines.at(-1) ?? {}).filter((name) => name !== "epoch");
    const right = 'style="text-align: right"';
    const rows = lines.map((line) => {
      const cells = [
        `${line.epoch + 1}/${this.#epochs}`,
        ...names.map((name) => line[name] === null ? "" : epochFigure(name, line[name])),
      ].map((cell) => `<td ${right}>${escapeHtml(cell)}</td>`);
      const notes = [
        ...line.epoch === best ? ["★ best"] : [],
        ...this.#notes.get(line.epoch) ?? [],
      ];
      const style = line.epoch === best ? ' style="font-weight: bold"' : "";
      const text = escapeHtml(notes.join("; "));
      return `<tr${style}>${cells.join("")}<td style="text-align: left">${text}</td></tr>`;
    });
    const head = ["epoch", ...names].map((name) => `<th ${right}>${escapeHtml(name)}</th>`);
    return {
      "text/html": `<table><thead><tr>${head.join("")}<th></th></tr></thead>` +
        `<tbody>${rows.join("")}</tbody></table>`,
      "text/plain": `Epochs: ${lines.length} of ${this.#epochs}` +
        (typeof best === "number" ? `, the best is ${best + 1}` : ""),
    };
  }
}
