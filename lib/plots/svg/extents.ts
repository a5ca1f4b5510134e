import type { LayoutKeys, TraceKeys } from "./figure_parts.ts";
import type { Extent } from "./scale.ts";

/** What is drawn along the horizontal axis. */
export function extentOfX(traces: readonly TraceKeys[], isLog: boolean): Extent {
  const extent = empty();
  for (const { type, x, z, width, mode = "" } of traces) {
    if (type === "heatmap") {
      include(extent, [-0.5, Math.max(1, ...z.map((row) => row.length)) - 0.5], false);
      extent.isTight = true;
      continue;
    }
    for (const value of x) {
      if (typeof value === "string" && !extent.categories.includes(value)) {
        extent.categories.push(value);
      }
    }
    const half = type === "bar" ? (width ?? 1) / 2 : 0;
    const numbers = x.filter((value) => typeof value === "number");
    include(extent, numbers.flatMap((value) => [value - half, value + half]), isLog);
    if (type === "bar" || !mode.includes("markers")) extent.isTight ||= traces.length === 1;
  }
  return extent;
}

/** What is drawn along a vertical axis. @param axis `y` or `y2` */
export function extentOfY(
  traces: readonly TraceKeys[],
  { shapes = [] }: LayoutKeys,
  isLog: boolean,
  axis: string,
): Extent {
  const extent = empty();
  for (const { type, y, z, yaxis = "y" } of traces) {
    if (yaxis !== axis) continue;
    if (type === "heatmap") {
      include(extent, [-0.5, Math.max(1, z.length) - 0.5], false);
      extent.isTight = true;
    } else include(extent, type === "bar" && !isLog ? [0, ...y] : y, isLog);
  }
  if (axis === "y") {
    for (const { yref, y0, y1 } of shapes) if (yref !== "paper") include(extent, [y0, y1], isLog);
  }
  return extent;
}

function empty(): Extent {
  return { low: Infinity, high: -Infinity, categories: [], isTight: false };
}

function include(extent: Extent, values: readonly (number | null)[], isLog: boolean): void {
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || (isLog && value <= 0)) continue;
    extent.low = Math.min(extent.low, value);
    extent.high = Math.max(extent.high, value);
  }
}
