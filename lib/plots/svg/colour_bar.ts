import type { TraceKeys } from "./figure_parts.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { valueRange } from "./traces.ts";
import { viridis } from "./viridis.ts";
import { element, text } from "./xml.ts";

/** Pixels to the right of a heat map. */
export const COLOUR_BAR = 100;

const WIDTH = 12;
const STEPS = 32;

/** What the colours of a heat map stand for, at its right. */
export function colourBar({ z, colorbar }: TraceKeys, x: Scale, y: Scale): string {
  const [low, high] = valueRange(z);
  const left = x.pixels[1] + 14;
  const [bottom, top] = [Math.max(...y.pixels), Math.min(...y.pixels)];
  const step = (bottom - top) / STEPS;
  const colours = Array.from({ length: STEPS }, (_, i) =>
    element("rect", {
      x: left,
      y: bottom - (i + 1) * step,
      width: WIDTH,
      height: step + 0.5, // no gap shows
      fill: viridis((i + 0.5) / STEPS),
    }));
  const extent = { low, high: high === low ? low + 1 : high, categories: [], isTight: true };
  const scale = scaleOf({}, extent, [bottom, top], 28);
  const labels = scale.ticks.map(({ value, label }) =>
    text(label, { x: left + WIDTH + 5, y: scale.at(value) + 4 })
  );
  const middle = Math.round((bottom + top) / 2);
  const title = text(colorbar?.title?.text ?? "", {
    transform: `translate(${Math.round(left + 68)} ${middle}) rotate(90)`,
    "text-anchor": "middle",
  });
  return element("g", { class: "colour bar" }, ...colours, ...labels, title);
}
