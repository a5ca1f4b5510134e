import { axis, type Figure, layout, palette } from "./figure.ts";
import type { EpochFigures } from "./loss_curves.ts";

/** A run's epochs. */
export interface RunHistory {
  /** Shown in the legend. */
  name: string;
  /** An entry for each epoch. */
  history: readonly EpochFigures[];
}

/** Options of {@linkcode runCurves}. */
export interface RunCurvesOptions {
  /** Shown above. @default {the figure's name} */
  title?: string;
  /** Title of the vertical axis, with the unit if there is one. @default {the figure's name} */
  value?: string;
  /** Which value is the best. @default {"least"} */
  best?: "least" | "largest";
}

/**
 * One figure of several runs by epoch (shown from 1), a line each; the best epoch of each is marked.
 * Runs whose history lacks the figure are left out.
 *
 * @param figure its name in the histories, such as `val_loss`
 * @throws {RangeError} if no run's history has it
 */
export function runCurves(
  runs: readonly RunHistory[],
  figure: string,
  { title = figure, value = figure, best = "least" }: RunCurvesOptions = {},
): Figure {
  const sign = best === "least" ? 1 : -1;
  const drawn = runs.map(({ name, history }, i) => {
    const points = history.flatMap(({ epoch, [figure]: value }) =>
      typeof value === "number" ? [{ x: epoch + 1, y: value }] : []
    );
    return { name, points, color: palette[i % palette.length] };
  }).filter(({ points }) => points.length > 0);
  if (drawn.length === 0) throw new RangeError(`No run's history has "${figure}"`);
  return {
    data: drawn.flatMap(({ name, points, color }) => {
      const top = points.reduce((a, b) => sign * b.y < sign * a.y ? b : a);
      return [{
        type: "scatter",
        mode: points.length > 40 ? "lines" : "lines+markers",
        name: `${name}, best ${top.y.toFixed(4)}`,
        x: points.map(({ x }) => x),
        y: points.map(({ y }) => y),
        line: { color, width: 2 },
        marker: { color, size: 6 },
        hovertemplate: `%{y:.4f}<extra>${name}</extra>`,
      }, {
        type: "scatter",
        mode: "markers",
        name: "",
        showlegend: false,
        x: [top.x],
        y: [top.y],
        marker: { symbol: "star", size: 15, color },
        hoverinfo: "skip",
      }];
    }),
    layout: layout(title, {
      xaxis: axis("epoch", {
        tick0: 1,
        dtick: Math.max(1, Math.ceil(Math.max(...drawn.map(({ points }) => points.length)) / 12)),
      }),
      yaxis: axis(value),
      hovermode: "x unified",
      showlegend: true,
    }),
  };
}
