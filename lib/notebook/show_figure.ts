import type { Figure } from "../plots/mod.ts";
import { figureHtml, plotlyScript } from "./figure_html.ts";
import { display, inNotebook, type MimeBundle, updateDisplay } from "./kernel.ts";

/** A shown figure that can be redrawn where it is. */
export interface LiveFigure {
  /** Draws another figure in its stead. */
  update(figure: Figure): Promise<void>;
}

let loaded: Promise<void> | undefined;

/**
 * Loads plotly.js, 1.5 MB, into the notebook. The first figure does so by itself; call it if that
 * figure's cell was cleared.
 */
export async function loadPlotly(): Promise<void> {
  if (!inNotebook()) return;
  await display({ "text/html": await plotlyScript(), "text/plain": "(plotly.js for figures)" });
}

/** Shows a figure under the cell; outside a notebook prints a line about it. */
export async function showFigure(figure: Figure): Promise<void> {
  await (loaded ??= loadPlotly());
  await display(bundle(figure));
}

/**
 * Shows a figure that can be updated while a cell runs, such as the loss during training. An update
 * sends only the figure, not plotly.js.
 */
export async function liveFigure(figure: Figure): Promise<LiveFigure> {
  await (loaded ??= loadPlotly());
  const displayId = crypto.randomUUID();
  await display(bundle(figure), displayId);
  return { update: (next) => updateDisplay(bundle(next), displayId) };
}

function bundle(figure: Figure): MimeBundle {
  const { data, layout } = figure;
  return {
    "application/vnd.plotly.v1+json": { data, layout },
    "text/html": figureHtml(figure, crypto.randomUUID()),
    "text/plain": figureSummary(figure),
  };
}

/** A figure in one line: its title, and each trace with its number of points and last value. */
export function figureSummary({ data, layout }: Figure): string {
  const title = (layout.title as { text?: string } | undefined)?.text ?? "untitled";
  const traces = data.map((trace) => {
    const values = (trace.y ?? trace.z ?? []) as unknown[];
    const last = values.at(-1);
    return `${trace.name || trace.type} (${values.length} ${trace.z ? "rows" : "points"}${
      typeof last === "number" ? `, last ${Number(last.toPrecision(5))}` : ""
    })`;
  });
  return `Figure "${title}": ${traces.join("; ")}`;
}
