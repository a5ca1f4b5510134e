import type { Figure } from "../plots/mod.ts";
import { figureHtml, plotlyScript } from "./figure_html.ts";
import { display, inNotebook, type MimeBundle, updateDisplay } from "./kernel.ts";

/** A figure that is shown already and can be replaced in its place. */
export interface LiveFigure {
  /** Draws another figure where the last one is. */
  update(figure: Figure): Promise<void>;
}

let brought: Promise<void> | undefined;

/**
 * Puts plotly.js into the notebook, 1.5 MB. The first figure does it by itself; call it where
 * that figure's cell was cleared.
 */
export async function bringPlotly(): Promise<void> {
  if (!inNotebook()) return;
  await display({ "text/html": await plotlyScript(), "text/plain": "(plotly.js for figures)" });
}

/** Shows a figure under the cell; outside a notebook prints a line about it. */
export async function showFigure(figure: Figure): Promise<void> {
  await (brought ??= bringPlotly());
  await display(bundle(figure));
}

/**
 * Shows a figure that can be updated while a cell runs, such as a loss that is still falling.
 * Only the figure is sent again, not plotly.js.
 */
export async function liveFigure(figure: Figure): Promise<LiveFigure> {
  await (brought ??= bringPlotly());
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
