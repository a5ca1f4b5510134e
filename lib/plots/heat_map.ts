import { axis, type Figure, layout } from "./figure.ts";

/** Options of {@linkcode heatMap}. */
export interface HeatMapOptions {
  /** Shown above. @default {"Heat map"} */
  title?: string;
  /** What the colours stand for, with the unit if there is one. @default {"value"} */
  value?: string;
  /** Title of the horizontal axis. @default {"column"} */
  columns?: string;
  /** Title of the vertical axis. @default {"row"} */
  rows?: string;
}

/**
 * Numbers as colours, the first row at the top.
 *
 * @param rows a row may be shorter than the longest: what it lacks stays empty
 */
export function heatMap(
  rows: ArrayLike<number>[],
  { title = "Heat map", value = "value", columns = "column", rows: rowTitle = "row" }:
    HeatMapOptions = {},
): Figure {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return {
    data: [{
      type: "heatmap",
      // Five digits are more than a colour shows, and keep a notebook small.
      z: rows.map((row) =>
        Array.from({ length: width }, (_, i) => i < row.length ? rounded(row[i]) : null)
      ),
      colorscale: "Viridis",
      hoverongaps: false,
      hovertemplate: `${rowTitle} %{y}, ${columns} %{x}: %{z}<extra></extra>`,
      colorbar: {
        thickness: 12,
        outlinewidth: 0,
        title: { text: value, side: "right", font: { size: 13 } },
      },
    }],
    layout: layout(title, {
      xaxis: axis(columns, { showgrid: false }),
      yaxis: axis(rowTitle, { showgrid: false, autorange: "reversed" }),
    }),
  };
}

/** A feature as a heat map: its values row by row, in a rectangle about twice as wide as high. */
export function featureHeatMap(feature: ArrayLike<number>, title = "Feature"): Figure {
  const width = rowLength(feature.length);
  const rows = Array.from(
    { length: Math.ceil(feature.length / width) },
    (_, row) => Array.from(feature).slice(row * width, (row + 1) * width),
  );
  return heatMap(rows, { title, value: "activation" });
}

/** The divisor nearest to √(2n), so that all rows are full; that itself where none is near. */
function rowLength(values: number): number {
  const wanted = Math.max(1, Math.sqrt(2 * values));
  const stretch = (width: number) => Math.max(width / wanted, wanted / width);
  let best: number | undefined;
  for (let width = Math.ceil(wanted / 2); width <= 2 * wanted; width++) {
    if (values % width !== 0) continue;
    // Of two that are equally near, the narrower one, whatever the rounding.
    if (best === undefined || stretch(width) < stretch(best) - 1e-9) best = width;
  }
  return best ?? Math.ceil(wanted);
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
}
