import { type Figure, figureSvg } from "../plots/mod.ts";
import { figureSummary } from "./figure_summary.ts";
import { escapeHtml, scriptJson } from "./html.ts";
import { plotlyFigure } from "./plotly_figure.ts";
import { PAGE_SCRIPT, plotlyScript } from "./plotly_script.ts";
import { svgImage } from "./svg_image.ts";

/**
 * A still picture of the figure, and the script that puts the interactive figure in its stead, now
 * or as soon as plotly.js is on the page. Where no script runs (GitHub, a notebook that is not
 * trusted) the picture stays.
 *
 * @param id unique on the page
 */
export function figureHtml(figure: Figure, id: string): string {
  const height = Number(figure.layout.height ?? 380);
  const svg = figureSvg(figure);
  const words = figureSummary(figure);
  const still = svg === undefined ? escapeHtml(words) : svgImage(svg, words);
  return `<div data-showtell="${escapeHtml(id)}" style="min-height: ${height}px">${still}</div>
<script>${PAGE_SCRIPT}
showtell.draw(() => {
  const figure = ${scriptJson(plotlyFigure(figure))};
  const options = { responsive: true, displaylogo: false };
  for (const element of document.querySelectorAll('[data-showtell="${id}"]')) {
    if (!element.classList.contains("js-plotly-plot")) element.textContent = "";
    Plotly.react(element, figure.data, figure.layout, options);
  }
});</script>`;
}

/** The figures as one self-contained HTML page. */
export async function figurePage(figures: Figure[], title: string): Promise<string> {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${await plotlyScript()}
</head>
<body>
${figures.map((figure, i) => figureHtml(figure, `figure-${i}`)).join("\n")}
</body>
</html>
`;
}
