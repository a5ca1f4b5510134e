import type { Figure } from "../plots/mod.ts";
import { visible } from "../text/mod.ts";

/** A figure in one line: its title, and each trace with its number of points and last value. */
export function figureSummary(figure: Figure): string {
  const traces = figure.data.map((trace) => {
    const values = (trace.y ?? trace.z ?? []) as unknown[];
    const last = values.at(-1);
    return `${trace.name || trace.type} (${values.length} ${trace.z ? "rows" : "points"}${
      typeof last === "number" ? `, last ${Number(last.toPrecision(5))}` : ""
    })`;
  });
  return visible(`Figure "${figureTitle(figure)}": ${traces.join("; ") || "nothing to draw yet"}`);
}

/** What stands above the figure. */
export function figureTitle({ layout }: Figure): string {
  return (layout.title as { text?: string } | undefined)?.text ?? "untitled";
}
