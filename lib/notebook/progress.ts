import type { Listener } from "../progress/mod.ts";
import { escapeHtml } from "./html.ts";
import { display, inNotebook, updateDisplay } from "./kernel.ts";

/** A progress bar; `update` can be passed as a {@linkcode Listener}'s `onProgress`. */
export interface ProgressBar {
  /** Shows how far the work is; most calls are dropped, so that it costs nothing. */
  update: Required<Listener>["onProgress"];
  /** Shows that the work is done. */
  finish(text?: string): Promise<void>;
}

/**
 * Shows a bar under the cell, updated in place; outside a notebook one line is printed at the end.
 *
 * @param interval least number of milliseconds between two updates
 */
export async function progress(label: string, interval = 250): Promise<ProgressBar> {
  const displayId = crypto.randomUUID();
  const shown = inNotebook();
  if (shown) await display(bar(label, 0, 0), displayId);
  let sent: Promise<void> = Promise.resolve();
  let last = -Infinity;
  let state: [done: number, total: number] = [0, 0];
  return {
    update(stage, done, total) {
      state = [done, total];
      const now = performance.now();
      if (!shown || now - last < interval) return;
      last = now;
      sent = sent.then(() => updateDisplay(bar(`${label}: ${stage}`, done, total), displayId));
    },
    async finish(text = "done") {
      const [done, total] = state;
      await sent;
      const end = bar(`${label}: ${text}`, done || 1, total);
      await (shown ? updateDisplay(end, displayId) : display(end));
    },
  };
}

function bar(label: string, done: number, total: number): Record<string, string> {
  const count = total > 0 ? `${done} of ${total}` : "";
  const share = total > 0 ? `value="${done}" max="${total}"` : done > 0 ? 'value="1"' : "";
  return {
    "text/html": `<label>${escapeHtml(label)} <progress ${share}></progress> ${count}</label>`,
    "text/plain": `${label} ${count}`.trim(),
  };
}
