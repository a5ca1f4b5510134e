import type { Figure } from "../plots/mod.ts";
import { escapeHtml, scriptJson } from "./html.ts";

/**
 * The script element that loads plotly.js, 1.5 MB, and draws the figures that wait for it.
 *
 * `module` and `define` are hidden from it: with require.js, which nbconvert's pages have, it would
 * not define the global `Plotly`.
 */
export async function plotlyScript(): Promise<string> {
  const { default: source } = await import("plotly.js-cartesian-dist-min/plotly-cartesian.min.js", {
    with: { type: "text" },
  }) as unknown as { default: string };
  const safe = source.replaceAll("</script", "<\\/script");
  return `<script>(function (module, exports, define) {\n${safe}\n})();
for (const draw of window.showtellFigures ?? []) draw();
window.showtellFigures = [];</script>`;
}

/**
 * An element for the figure and the script that draws it, now or as soon as plotly.js is loaded: a
 * page may render its cells in any order.
 *
 * @param id unique on the page
 */
export function figureHtml(figure: Figure, id: string): string {
  const height = Number(figure.layout.height ?? 380);
  const waiting = "This figure waits for plotly.js, which the notebook's first figure loads: " +
    "run that cell again, or loadPlotly().";
  return `<div data-showtell="${escapeHtml(id)}" style="height: ${height}px">${waiting}</div>
<script>{
  const figure = ${scriptJson({ data: figure.data, layout: figure.layout })};
  const options = { responsive: true, displaylogo: false };
  const draw = () => {
    for (const element of document.querySelectorAll('[data-showtell="${id}"]')) {
      if (!element.classList.contains("js-plotly-plot")) element.textContent = "";
      Plotly.react(element, figure.data, figure.layout, options);
    }
  };
  if (window.Plotly) draw();
  else (window.showtellFigures ??= []).push(draw);
}</script>`;
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
