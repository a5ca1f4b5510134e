import { axis, type Figure, layout, palette } from "../../lib/plots/mod.ts";
import { isOurs } from "./contestants.ts";
import { medianOf, type Results } from "./results.ts";
import type { Row } from "./rows.ts";

/**
 * Bars for training and every encoder: the speed of each contestant, that of the first peer being 1.
 *
 * @returns undefined while no row has a figure of ours and of that peer
 */
export function speedsFigure(results: Results, rows: readonly Row[]): Figure | undefined {
  const [ours] = results.contestants;
  const base = results.contestants.find((name) => !isOurs(name));
  if (base === undefined) return undefined;
  const drawn = rows.filter((row) =>
    row.label !== undefined &&
    [ours, base].every((name) => medianOf(results, row, name) !== undefined)
  );
  const speeds = (name: string) =>
    drawn.map((row) => {
      const figure = medianOf(results, row, name);
      return figure === undefined ? null : figure / medianOf(results, row, base)!;
    });
  const shown = results.contestants.filter((name) => speeds(name).some((speed) => speed !== null));
  if (shown.length === 0) return undefined;
  return {
    data: shown.map((name, i) => ({
      type: "bar",
      name,
      x: drawn.map(({ label }) => label!),
      y: speeds(name),
      text: speeds(name).map((speed) => speed === null ? "" : speed.toFixed(1)),
      textposition: "outside",
      marker: { color: palette[i % palette.length] },
    })),
    layout: layout(`Speed of training and of encoders, ${base} = 1`, {
      xaxis: axis(""),
      yaxis: axis("times as fast", { rangemode: "tozero" }),
      barmode: "group",
      bargap: 0.25,
    }),
  };
}
