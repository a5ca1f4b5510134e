import type { LayoutKeys } from "./figure_parts.ts";
import type { Scale } from "./scale.ts";
import { stroke } from "./traces.ts";
import { element, text } from "./xml.ts";

/** Lines over the plot; ends are values, or shares of the plot where the reference is `paper`. */
export function shapes({ shapes = [] }: LayoutKeys, x: Scale, y: Scale): string {
  const lines = shapes.map(({ x0, x1, y0, y1, xref, yref, line = {} }) => {
    const across = (value: number) => xref === "paper" ? share(value, x) : x.at(value);
    const up = (value: number) => yref === "paper" ? share(value, y) : y.at(value);
    const ends = { x1: across(x0), y1: up(y0), x2: across(x1), y2: up(y1) };
    return element("line", { ...ends, ...stroke(line, "currentColor") });
  });
  return element("g", { class: "shapes" }, ...lines);
}

/** Texts over the plot. On a logarithmic axis their places are logarithms, as Plotly has it. */
export function annotations({ annotations = [] }: LayoutKeys, x: Scale, y: Scale): string {
  const placed = (value: number, ref: string | undefined, scale: Scale) =>
    ref === "paper" ? share(value, scale) : scale.at(scale.isLog ? 10 ** value : value);
  const anchors = { left: "start", center: "middle", right: "end" };
  const down = { top: 14, middle: 4, bottom: -5 };
  const texts = annotations.map((each) =>
    text(each.text, {
      x: placed(each.x, each.xref, x),
      y: placed(each.y, each.yref, y) + down[each.yanchor ?? "middle"],
      "text-anchor": anchors[each.xanchor ?? "center"],
      fill: each.font?.color,
    })
  );
  return element("g", { class: "annotations" }, ...texts);
}

function share(value: number, { pixels: [from, to] }: Scale): number {
  return from + value * (to - from);
}
