import type { LineKeys, TraceKeys, WhiskerKeys } from "./figure_parts.ts";
import { marker } from "./markers.ts";
import type { Scale } from "./scale.ts";
import { type Attributes, element, tenth, text } from "./xml.ts";
import { viridis } from "./viridis.ts";

/** Points and the lines between them; a null breaks the line. */
export function scatter(trace: TraceKeys, x: Scale, y: Scale, colour: string): string {
  const { mode = "lines+markers" } = trace;
  const points = trace.y.map((value, i) =>
    isDrawn(value, y) && isDrawn(trace.x[i], x) ? [x.at(trace.x[i]), y.at(value)] : undefined
  );
  const parts: string[] = [];
  if (mode.includes("lines")) parts.push(polyline(points, trace.line ?? {}, colour));
  if (mode.includes("markers")) {
    parts.push(
      ...points.flatMap((at) => at ? marker({ ...trace.marker }, at[0], at[1], colour) : []),
    );
  }
  return element("g", { class: "scatter" }, ...parts);
}

function isDrawn(value: unknown, { isLog }: Scale): value is number {
  return typeof value === "string" ||
    typeof value === "number" && Number.isFinite(value) && (!isLog || value > 0);
}

function polyline(points: (number[] | undefined)[], line: LineKeys, colour: string): string {
  let path = "";
  let isFirst = true;
  for (const point of points) {
    if (point !== undefined) {
      const [x, y] = point.map(tenth);
      path += isFirst ? `M${x},${y}` : line.shape === "hv" ? `H${x}V${y}` : `L${x},${y}`;
    }
    isFirst = point === undefined;
  }
  return element("path", { d: path, ...stroke(line, colour) });
}

/** How a line is drawn. */
export function stroke({ color, width = 2, dash }: LineKeys, colour: string): Attributes {
  const dashes: Record<string, string> = { dash: "8 5", dot: "2 4" };
  return {
    fill: "none",
    stroke: color ?? colour,
    "stroke-width": width,
    "stroke-dasharray": dash && dashes[dash],
  };
}

/** Bars from the axis upwards, each with its text above. @param which of the groups side by side */
export function bars(
  trace: TraceKeys,
  x: Scale,
  y: Scale,
  colour: string,
  { which, groups, gap }: { which: number; groups: number; gap: number },
): string {
  const whole = (trace.width ?? barDistance(trace.x)) * Math.abs(x.unit);
  const width = trace.width === undefined ? whole * (1 - gap) / groups : whole;
  const bottom = y.pixels[0];
  const parts = trace.y.flatMap((value, i) => {
    if (!isDrawn(value, y)) return [];
    const left = x.at(trace.x[i]) + (which - groups / 2) * width;
    const base = y.isLog ? bottom : y.at(0);
    const top = Math.min(bottom, y.at(value));
    const rect = element("rect", {
      x: left,
      y: Math.min(top, base),
      width: Math.max(width, 0.5),
      height: Math.abs(base - top),
      fill: trace.marker?.color ?? colour,
    });
    const middle = left + width / 2;
    const label = trace.text?.[i];
    return [
      rect,
      ...trace.error_y ? [whisker(trace.error_y, i, value, middle, y)] : [],
      ...label ? [text(label, { x: middle, y: top - 5, "text-anchor": "middle" })] : [],
    ];
  });
  return element("g", { class: "bar" }, ...parts);
}

/** Around the end of a bar: a line from the lower to the upper value, closed at both ends. */
function whisker(keys: WhiskerKeys, i: number, value: number, x: number, y: Scale): string {
  const [low, high] = [y.at(value - keys.arrayminus[i]), y.at(value + keys.array[i])].map(tenth);
  const half = keys.width ?? 4;
  const across = (at: number) => `M${tenth(x - half)},${at}h${2 * half}`;
  const d = `M${tenth(x)},${low}V${high}${across(low)}${across(high)}`;
  return element("path", {
    d,
    class: "whisker",
    fill: "none",
    stroke: keys.color ?? "currentColor",
    "stroke-width": keys.thickness ?? 1.5,
  });
}

/** The least distance of two bars, as much as there is for one. */
function barDistance(x: (number | string)[]): number {
  const numbers = x.filter((value) => typeof value === "number").sort((a, b) => a - b);
  const distances = numbers.slice(1).map((value, i) => value - numbers[i]).filter((d) => d > 0);
  return distances.reduce((least, distance) => Math.min(least, distance), Infinity) === Infinity
    ? 1
    : Math.min(...distances);
}

const COLOURS = 64;

/** The least and the largest value of a heat map. */
export function valueRange(z: (number | null)[][]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of z.flat()) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 1] : [low, high];
}

/** Cells of a heat map, all of one colour in one path, so that thousands stay small. */
export function heatCells({ z }: TraceKeys, x: Scale, y: Scale): string {
  const [low, high] = valueRange(z);
  const paths = new Map<number, string>();
  z.forEach((row, r) =>
    row.forEach((value, column) => {
      if (value === null) return;
      const level = Math.round((value - low) / (high - low || 1) * (COLOURS - 1));
      paths.set(level, `${paths.get(level) ?? ""}M${column},${r}h1v1h-1z`);
    })
  );
  const cells = [...paths].map(([level, d]) =>
    element("path", { d, fill: viridis(level / (COLOURS - 1)) })
  );
  const [left, top] = [x.at(-0.5), y.at(-0.5)];
  const transform = `translate(${tenth(left)} ${tenth(top)}) scale(${x.unit} ${y.unit})`;
  // Without it fine gaps would show between cells.
  return element(
    "g",
    { class: "heatmap", transform, "shape-rendering": "crispEdges" },
    ...cells,
  );
}
