import { type Figure, figureSvg } from "../plots/mod.ts";
import { figureSummary } from "./figure_summary.ts";
import { escapeHtml, scriptJson } from "./html.ts";
import { PAGE_SCRIPT, plotlyScript } from "./plotly_script.ts";

/**
 * A still picture of the figure, and the script that puts the interactive figure in its stead, now
 * or as soon as plotly.js is on the page. Where no script runs (GitHub, a notebook that is not
 * trusted) the picture stays.
 *
 * @param id unique on the page
 */
export function figureHtml(figure: Figure, id: string): string {
  const height = Number(figure.layout.height ?? 380);
  return `<div data-showtell="${escapeHtml(id)}" style="min-height: ${height}px">` +
    `${stillPicture(figure)}</div>
<script>${PAGE_SCRIPT}
showtell.draw(() => {
  const figure = ${scriptJson({ data: figure.data, layout: figure.layout })};
  const options = { responsive: true, displaylogo: false };
  for (const element of document.querySelectorAll('[data-showtell="${id}"]')) {
    if (!element.classList.contains("js-plotly-plot")) element.textContent = "";
    Plotly.react(element, figure.data, figure.layout, options);
  }
});</script>`;
}

/** An image element: cleaned HTML keeps it, where an svg element within HTML would be dropped. */
function stillPicture(figure: Figure): string {
  const svg = figureSvg(figure);
  const words = escapeHtml(figureSummary(figure));
  if (svg === undefined) return words;
  const source = `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
  return `<img src="${source}" alt="${words}" style="max-width: 100%">`;
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
