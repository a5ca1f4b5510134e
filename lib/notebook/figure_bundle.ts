import { type Figure, figureSvg } from "../plots/mod.ts";
import { figureHtml } from "./figure_html.ts";
import { figureSummary } from "./figure_summary.ts";
import type { MimeBundle } from "./kernel.ts";
import { plotlyFigure } from "./plotly_figure.ts";

/**
 * A figure for whoever shows it: Plotly's own format, HTML that is interactive where scripts run, a
 * still SVG (unless it has a kind of trace that cannot be drawn so), and a line of text.
 */
export function figureBundle(figure: Figure): MimeBundle {
  const svg = figureSvg(figure);
  return {
    "application/vnd.plotly.v1+json": plotlyFigure(figure),
    "text/html": figureHtml(figure, crypto.randomUUID()),
    ...svg === undefined ? {} : { "image/svg+xml": svg },
    "text/plain": figureSummary(figure),
  };
}
