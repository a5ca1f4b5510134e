import { axis, colours, type Figure, layout, type Trace } from "./figure.ts";

/** An epoch of a run's history. */
export interface EpochFigures {
  /** Counted from 0. */
  epoch: number;
  /** Any figure by name; null where it was not finite. */
  [name: string]: number | null | undefined;
}

/** Options of {@linkcode lossCurves}. */
export interface LossCurvesOptions {
  /** Shown above. @default {"Loss"} */
  title?: string;
  /** Length of the axis from the start, so that it stays while epochs come in. */
  epochs?: number;
}

/**
 * Training and validation loss by epoch (shown from 1), the best epoch marked, and the learning
 * rate on a logarithmic second axis where the history has one.
 */
export function lossCurves(history: EpochFigures[], options: LossCurvesOptions = {}): Figure {
  const { title = "Loss", epochs } = options;
  const x = history.map(({ epoch }) => epoch + 1);
  const has = (name: string) => history.some((line) => typeof line[name] === "number");
  const column = (name: string) => history.map((line) => line[name] ?? null);
  const data: Trace[] = [];
  const line = (name: string, label: string, color: string, more = {}) => {
    if (!has(name)) return;
    data.push({
      type: "scatter",
      mode: history.length > 40 ? "lines" : "lines+markers",
      name: label,
      x,
      y: column(name),
      line: { color, width: 2 },
      marker: { color, size: 6 },
      ...more,
    });
  };
  line("loss", "training", colours.blue);
  line("val_loss", "validation", colours.vermillion);
  const best = bestEpoch(history);
  if (best !== undefined) {
    data.push({
      type: "scatter",
      mode: "markers",
      name: `best: ${best.value.toFixed(4)}, epoch ${best.epoch + 1}`,
      x: [best.epoch + 1],
      y: [best.value],
      marker: {
        symbol: "star",
        size: 15,
        color: colours.orange,
        line: { width: 1, color: colours.vermillion },
      },
    });
  }
  line("learning_rate", "learning rate", colours.green, {
    yaxis: "y2",
    mode: "lines",
    line: { color: colours.green, width: 1.5, dash: "dot", shape: "hv" },
  });
  return {
    data,
    layout: layout(title, {
      xaxis: axis("epoch", {
        tick0: 1,
        dtick: Math.max(1, Math.ceil((epochs ?? history.length) / 12)),
        ...(epochs === undefined ? {} : { range: [0.5, epochs + 0.5] }),
      }),
      yaxis: axis("loss (nats per word)"),
      ...(has("learning_rate")
        ? {
          yaxis2: axis("learning rate", {
            overlaying: "y",
            side: "right",
            type: "log",
            showgrid: false,
            tickformat: ".0e",
            dtick: "D2",
          }),
          margin: { t: 56, r: 72, b: 48, l: 56 },
        }
        : {}),
      hovermode: "x unified",
    }),
  };
}

function bestEpoch(history: EpochFigures[]): { epoch: number; value: number } | undefined {
  let best: { epoch: number; value: number } | undefined;
  for (const { epoch, val_loss: value } of history) {
    if (typeof value === "number" && (best === undefined || value < best.value)) {
      best = { epoch, value };
    }
  }
  return best;
}
