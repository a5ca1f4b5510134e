import type { AxisKeys } from "./figure_parts.ts";
import type { Scale } from "./scale.ts";
import { element, text, textWidth } from "./xml.ts";

/** Size of the letters at ticks and titles. */
export const LETTERS = 13;

const GRID = "#808080";

/** Pixels beside a vertical axis: tick labels and title. */
export function besideAxis({ title }: AxisKeys, { ticks }: Pick<Scale, "ticks">): number {
  const widest = Math.max(0, ...ticks.map(({ label }) => textWidth(label, LETTERS)));
  return widest + 12 + (title?.text ? LETTERS + 12 : 4);
}

/** Whether labels below the axis would touch each other. */
export function isCrowded({ ticks, unit }: Pick<Scale, "ticks" | "unit">): boolean {
  return ticks.some(({ value, label }, i) =>
    i > 0 && Math.abs((value - ticks[i - 1].value) * unit) <
      (textWidth(label, LETTERS) + textWidth(ticks[i - 1].label, LETTERS)) / 2 + 4
  );
}

/** Pixels below a horizontal axis. */
export function belowAxis({ title }: AxisKeys, scale: Pick<Scale, "ticks" | "unit">): number {
  const widest = Math.max(0, ...scale.ticks.map(({ label }) => textWidth(label, LETTERS)));
  const labels = isCrowded(scale) ? widest * Math.SQRT1_2 + LETTERS : LETTERS;
  return labels + 14 + (title?.text ? LETTERS + 10 : 0);
}

/** Grid, tick labels and title of the horizontal axis. */
export function horizontalAxis(keys: AxisKeys, x: Scale, y: Scale, bottom: number): string {
  const [floor, ceiling] = y.pixels;
  const slanted = isCrowded(x);
  const parts = x.ticks.flatMap(({ value, label }) => {
    const at = x.at(value);
    const below = floor + LETTERS + 6;
    const tick = slanted
      ? text(label, {
        transform: `translate(${Math.round(at)} ${Math.round(below)}) rotate(45)`,
        "text-anchor": "start",
      })
      : text(label, { x: at, y: below, "text-anchor": "middle" });
    return keys.showgrid === false ? [tick] : [gridLine(at, floor, at, ceiling), tick];
  });
  parts.push(gridLine(x.pixels[0], floor, x.pixels[1], floor));
  const middle = (x.pixels[0] + x.pixels[1]) / 2;
  parts.push(
    text(keys.title?.text ?? "", { x: middle, y: bottom - 8, "text-anchor": "middle" }),
  );
  return element("g", { class: "x axis" }, ...parts);
}

/** Grid, tick labels and title of a vertical axis. @param outside where its title ends */
export function verticalAxis(keys: AxisKeys, y: Scale, x: Scale, outside: number): string {
  const [left, right] = x.pixels;
  const isRight = keys.side === "right";
  const beside = isRight ? right + 8 : left - 8;
  const anchor = isRight ? "start" : "end";
  const parts = y.ticks.flatMap(({ value, label }) => {
    const at = y.at(value);
    const tick = text(label, { x: beside, y: at + LETTERS * 0.35, "text-anchor": anchor });
    return keys.showgrid === false ? [tick] : [gridLine(left, at, right, at), tick];
  });
  if (keys.title?.text) {
    const middle = Math.round((y.pixels[0] + y.pixels[1]) / 2);
    const turn = isRight ? 90 : -90;
    const place = Math.round(isRight ? outside - LETTERS : outside + LETTERS);
    parts.push(text(keys.title.text, {
      transform: `translate(${place} ${middle}) rotate(${turn})`,
      "text-anchor": "middle",
    }));
  }
  return element("g", { class: "y axis" }, ...parts);
}

function gridLine(x1: number, y1: number, x2: number, y2: number): string {
  return element("line", { x1, y1, x2, y2, stroke: GRID, "stroke-opacity": "0.25" });
}
