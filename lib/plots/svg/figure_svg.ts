import { type Figure, INK, palette } from "../figure.ts";
import { belowAxis, besideAxis, horizontalAxis, LETTERS, verticalAxis } from "./axes.ts";
import { extentOfX, extentOfY } from "./extents.ts";
import { type LayoutKeys, type TraceKeys, tracesOf } from "./figure_parts.ts";
import { legendOf } from "./legend.ts";
import { annotations, shapes } from "./overlays.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { bars, heatCells, scatter } from "./traces.ts";
import { COLOUR_BAR, colourBar } from "./colour_bar.ts";
import { element, text } from "./xml.ts";

/** Options of {@linkcode figureSvg}. */
export interface FigureSvgOptions {
  /** Width in pixels; the height is the layout's. @default {720} */
  width?: number;
}

/**
 * A figure as a still picture in SVG, for readers that run no plotly.js, such as GitHub. Without
 * background, in colours that are readable on white and on black.
 *
 * Bars, points, lines and heat maps are drawn, with those of Plotly's keys that this room uses.
 *
 * @returns undefined if the figure has a trace of another kind
 */
export function figureSvg(
  figure: Figure,
  { width = 720 }: FigureSvgOptions = {},
): string | undefined {
  const traces = tracesOf(figure);
  if (traces === undefined) return undefined;
  const keys = figure.layout as LayoutKeys;
  const { height = 380, title } = keys;
  const plot = plotOf(traces, keys, width, height);
  const parts = [
    text(title?.text ?? "", { x: 14, y: 26, "font-size": 16 }),
    ...plot.axes,
    ...plot.content,
  ];
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": "system-ui, sans-serif",
      "font-size": LETTERS,
      fill: INK,
      role: "img",
      "aria-label": title?.text,
    },
    ...parts,
  );
}

/** Axes and what stands between them. */
function plotOf(traces: TraceKeys[], keys: LayoutKeys, width: number, height: number) {
  const { xaxis = {}, yaxis = {}, yaxis2, colorway = palette, bargap: gap = 0.2 } = keys;
  const colourOf = (i: number) => colorway[i % colorway.length];
  const legend = legendOf(traces, colourOf, width - 32, LETTERS);
  const hasBar = traces.some(({ type }) => type === "heatmap");
  const top = 52 + legend.height;
  const [xExtent, yExtent] = [
    extentOfX(traces, xaxis.type === "log"),
    extentOfY(traces, keys, yaxis.type === "log", "y"),
  ];
  const y2Extent = extentOfY(traces, keys, yaxis2?.type === "log", "y2");
  // Margins need the labels, and labels the length of the axes: they are found twice.
  let [left, right, bottom] = [60, width - 24, height - 48];
  let x: Scale, y: Scale, y2: Scale | undefined;
  for (let round = 0;; round++) {
    x = scaleOf(xaxis, xExtent, [left, right], 70);
    y = scaleOf(yaxis, yExtent, [bottom, top], 36);
    y2 = yaxis2 && scaleOf(yaxis2, y2Extent, [bottom, top], 36);
    if (round === 1) break;
    left = besideAxis(yaxis, y);
    right = width - (y2 ? besideAxis(yaxis2!, y2) : hasBar ? COLOUR_BAR : 24);
    bottom = height - belowAxis(xaxis, x);
  }
  const groups = traces.filter(({ type }) => type === "bar").length;
  let which = 0;
  const content = traces.map((trace, i) => {
    const own = trace.yaxis === "y2" && y2 ? y2 : y;
    if (trace.type === "heatmap") return heatCells(trace, x, y) + colourBar(trace, x, y);
    if (trace.type === "scatter") return scatter(trace, x, own, colourOf(i));
    return bars(trace, x, own, colourOf(i), { which: which++, groups, gap });
  });
  return {
    axes: [
      horizontalAxis(xaxis, x, y, Math.min(height, y.pixels[0] + belowAxis(xaxis, x))),
      verticalAxis(yaxis, y, x, x.pixels[0] - besideAxis(yaxis, y)),
      ...y2 ? [verticalAxis(yaxis2!, y2, x, width)] : [],
    ],
    content: [
      ...content,
      shapes(keys, x, y),
      annotations(keys, x, y),
      legend.draw(width - 16, top - 8),
    ],
  };
}
