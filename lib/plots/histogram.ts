import { axis, colours, type Figure, layout } from "./figure.ts";

/** Options of {@linkcode histogram}. */
export interface HistogramOptions {
  /** Shown above. @default {"Values"} */
  title?: string;
  /** Bars, each of the same width. @default {60} */
  bins?: number;
  /** Title of the horizontal axis, with the unit if there is one. @default {"value"} */
  value?: string;
  /** Title of the vertical axis: what is counted. @default {"number of values"} */
  counted?: string;
  /** Scale of the counts; logarithmic where a few bars tower over all others. @default {"linear"} */
  scale?: "linear" | "log";
}

/**
 * How often values occur: counts in bins of equal width.
 *
 * @throws {RangeError} if there are no finite values
 */
export function histogram(
  values: ArrayLike<number>,
  {
    title = "Values",
    bins = 60,
    value = "value",
    counted = "number of values",
    scale = "linear",
  }: HistogramOptions = {},
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
  const isLog = scale === "log";
  return {
    data: [{
      type: "bar",
      x: counts.map((_, i) => low + (i + 0.5) * width),
      y: counts,
      width: 0.92 * width, // a gap between bars
      marker: { color: colours.blue },
      hovertemplate: "%{x:.3g}: %{y}<extra></extra>",
    }],
    layout: layout(title, {
      xaxis: axis(value),
      yaxis: axis(isLog ? `${counted} (logarithmic)` : counted, isLog ? logAxis(counts) : {}),
    }),
  };
}

/** From one half, so that a bar of count one is visible. */
function logAxis(counts: number[]) {
  return {
    type: "log",
    dtick: 1,
    range: [Math.log10(0.5), Math.log10(2 * Math.max(...counts))],
  };
}
