import type { Figure } from "../plots/mod.ts";
import { escapeHtml, scriptJson } from "./html.ts";

/**
 * The script element that loads plotly.js, 1.5 MB, and draws the figures that wait for it.
 *
 * `module` and `define` are hidden from it: nbconvert's pages have require.js, in whose presence
 * libraries keep their names to themselves.
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
 * A place for the figure and the script that draws it, now or as soon as plotly.js is there:
 * a page may render its cells in any order.
 *
 * @param id a name that no other figure on the page has
 */
export function figureHtml(figure: Figure, id: string): string {
  const height = Number(figure.layout.height ?? 380);
  const waiting = "This figure waits for plotly.js, which the notebook's first figure brings: " +
    "run that cell, or bringPlotly(), again.";
  return `<div data-showtell="${escapeHtml(id)}" style="height: ${height}px">${waiting}</div>
<script>{
  const figure = ${scriptJson({ data: figure.data, layout: figure.layout })};
  const options = { responsive: true, displaylogo: false };
  const draw = () => {
    for (const place of document.querySelectorAll('[data-showtell="${id}"]')) {
      if (!place.classList.contains("js-plotly-plot")) place.textContent = "";
      Plotly.react(place, figure.data, figure.layout, options);
    }
  };
  if (window.Plotly) draw();
  else (window.showtellFigures ??= []).push(draw);
}</script>`;
}

/** The figures as one HTML page that needs nothing else. */
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
