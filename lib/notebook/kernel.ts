import { visibleLines } from "../text/mod.ts";
import { cellsBelow } from "./cells_below.ts";

/** One output in several forms, by MIME type; whoever shows it chooses the best. */
export type MimeBundle = Record<string, unknown>;

interface Jupyter {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/** Whether this code runs in a notebook's cell. */
export function inNotebook(): boolean {
  return jupyter() !== undefined;
}

/**
 * Shows a bundle under the running cell; outside a notebook its `text/plain` is printed.
 *
 * @param displayId a name for {@linkcode updateDisplay}
 * @throws {ToldError} in a cell below an interrupted one
 */
export async function display(bundle: MimeBundle, displayId?: string): Promise<void> {
  cellsBelow.check();
  await send("display_data", bundle, displayId);
}

/** Replaces what was shown under this name, where it was shown. */
export async function updateDisplay(bundle: MimeBundle, displayId: string): Promise<void> {
  await send("update_display_data", bundle, displayId);
}

async function send(type: string, bundle: MimeBundle, displayId?: string): Promise<void> {
  const text = bundle["text/plain"]; // which a terminal may show
  const data = typeof text === "string" ? { ...bundle, "text/plain": visibleLines(text) } : bundle;
  const kernel = jupyter();
  if (kernel === undefined) {
    if (data["text/plain"]) console.log(data["text/plain"]);
    return;
  }
  const transient = displayId === undefined ? {} : { display_id: displayId };
  await kernel.broadcast(type, { data, metadata: {}, transient });
  // Deno's kernel (2.9) resolves before the message is sent and may first report that the cell has
  // ended; Jupyter drops what comes after that. The larger a message, the longer it takes to sign.
  const length = Object.values(data).reduce<number>(
    (sum, each) => sum + (typeof each === "string" ? each.length : 4096),
    0,
  );
  await new Promise((done) => setTimeout(done, 30 + length / 4000));
}

function jupyter(): Jupyter | undefined {
  try {
    const { jupyter } = Deno as unknown as { jupyter?: Jupyter };
    return typeof jupyter?.broadcast === "function" ? jupyter : undefined;
  } catch {
    return undefined; // outside its kernel Deno throws on access to the name
  }
}
