import { axis, colours, type Figure, layout, palette } from "./figure.ts";
import { principalComponents } from "./principal_components.ts";

/**
 * A feature as a heat map.
 *
 * @param rows rows of equal length, drawn from the top: a channel of a grid, or a vector cut in rows
 */
export function featureHeatMap(rows: ArrayLike<number>[], title = "Feature"): Figure {
  return {
    data: [{
      type: "heatmap",
      z: rows.map((row) => Array.from(row)),
      colorscale: "Viridis",
      hovertemplate: "row %{y}, column %{x}: %{z:.4g}<extra></extra>",
      colorbar: { thickness: 12, outlinewidth: 0 },
    }],
    layout: layout(title, {
      xaxis: axis("", { showgrid: false, constrain: "domain" }),
      yaxis: axis("", { showgrid: false, autorange: "reversed", scaleanchor: "x" }),
    }),
  };
}

/**
 * How often values of a feature occur: counts in bins of equal width, on a logarithmic axis.
 *
 * @throws {RangeError} if there are no finite values
 */
export function featureHistogram(
  values: ArrayLike<number>,
  { title = "Feature values", bins = 60 }: { title?: string; bins?: number } = {},
): Figure {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (low > high) throw new RangeError("No finite values to draw");
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    counts[Math.min(bins - 1, Math.floor((values[i] - low) / width))]++;
  }
  return {
    data: [{
      type: "bar",
      x: counts.map((_, i) => low + (i + 0.5) * width),
      y: counts,
      width,
      marker: { color: colours.blue },
      hovertemplate: "%{x:.3g}: %{y}<extra></extra>",
    }],
    layout: layout(title, {
      xaxis: axis("value"),
      // From one half, so that a bar of count one is visible.
      yaxis: axis("count", {
        type: "log",
        dtick: 1,
        range: [Math.log10(0.5), Math.log10(2 * Math.max(...counts))],
      }),
      bargap: 0,
    }),
  };
}

/** Options of {@linkcode featureProjection}. */
export interface FeatureProjectionOptions {
  /** Shown above. @default {"Features"} */
  title?: string;
  /** A group for each row, which gets a colour and a name in the legend. */
  groups?: string[];
  /** A text for each row, shown under the pointer. */
  texts?: string[];
}

/**
 * The rows on the plane of their first two principal components.
 *
 * @param rows one feature vector a photo, of equal length
 * @throws {RangeError} if there are fewer than two rows or their lengths differ
 */
export function featureProjection(
  rows: ArrayLike<number>[],
  { title = "Features", groups, texts }: FeatureProjectionOptions = {},
): Figure {
  const { coordinates, explained } = principalComponents(rows);
  const members = new Map<string, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const group = groups?.[i] ?? "";
    members.set(group, [...(members.get(group) ?? []), i]);
  }
  const percent = (k: number) => `${((explained[k] ?? 0) * 100).toFixed(0)} % of variance`;
  return {
    data: [...members].map(([name, of], k) => ({
      type: "scatter",
      mode: "markers",
      name,
      showlegend: members.size > 1,
      x: of.map((i) => coordinates[i][0] ?? 0),
      y: of.map((i) => coordinates[i][1] ?? 0),
      text: of.map((i) => texts?.[i] ?? ""),
      marker: {
        color: palette[k % palette.length],
        symbol: SYMBOLS[Math.floor(k / palette.length) % SYMBOLS.length],
        size: 7,
        opacity: 0.8,
      },
      hovertemplate: "%{text}<extra>%{fullData.name}</extra>",
    })),
    layout: layout(title, {
      xaxis: axis(`component 1, ${percent(0)}`),
      yaxis: axis(`component 2, ${percent(1)}`),
      hovermode: "closest",
    }),
  };
}

const SYMBOLS = ["circle", "diamond", "square", "cross", "triangle-up"];
