import type { Figure } from "../plots/mod.ts";
import { figureBundle } from "./figure_bundle.ts";
import { figureTitle } from "./figure_summary.ts";
import { display, inNotebook, updateDisplay } from "./kernel.ts";
import { plotlyScript } from "./plotly_script.ts";

/** A shown figure that can be redrawn where it is. */
export interface LiveFigure {
  /** Draws another figure in its stead. */
  update(figure: Figure): Promise<void>;
}

/** Title of the figure before which plotly.js is sent: shown again, its cell needs it again. */
let carrier: string | undefined;

/**
 * Shows a figure under the cell; outside a notebook prints a line about it.
 *
 * Before a notebook's first figure plotly.js is sent, 0.7 MB. Later ones find it on the page, or in
 * the browser, which keeps it; until then, and where no script runs, they are still pictures.
 */
export async function showFigure(figure: Figure): Promise<void> {
  await sendPlotly(figure);
  await display(figureBundle(figure));
}

/**
 * Shows a figure that can be updated while a cell runs, such as the loss during training. An update
 * sends only the figure, not plotly.js.
 */
export async function liveFigure(figure: Figure): Promise<LiveFigure> {
  await sendPlotly(figure);
  const displayId = crypto.randomUUID();
  await display(figureBundle(figure), displayId);
  return { update: (next) => updateDisplay(figureBundle(next), displayId) };
}

async function sendPlotly(figure: Figure): Promise<void> {
  if (!inNotebook()) return;
  carrier ??= figureTitle(figure);
  if (figureTitle(figure) !== carrier) return;
  await display({ "text/html": await plotlyScript(), "text/plain": "(plotly.js for figures)" });
}
