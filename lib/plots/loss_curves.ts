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
  /** Length of the axis from the start, so that all axes stay while epochs come in. */
  epochs?: number;
  /** A loss that is hardly exceeded, such as that of word frequencies: where the axis ends. */
  highest?: number;
}

/**
 * Training and validation loss by epoch (shown from 1), the best epoch marked, and the learning
 * rate on a logarithmic second axis where the history has one.
 */
export function lossCurves(history: EpochFigures[], options: LossCurvesOptions = {}): Figure {
  const { title = "Loss", epochs, highest } = options;
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
      yaxis: axis("loss (nats per word)", epochs === undefined ? {} : lossRange(history, highest)),
      ...(has("learning_rate") || epochs !== undefined
        ? {
          yaxis2: axis("learning rate", {
            overlaying: "y",
            side: "right",
            type: "log",
            showgrid: false,
            tickformat: ".0e",
            ...(epochs === undefined ? { dtick: "D2" } : { dtick: 1, ...rateRange(history) }),
          }),
          margin: { t: 56, r: 72, b: 48, l: 56 },
        }
        : {}),
      hovermode: "x unified",
    }),
  };
}

/** From 0 to a loss above all that is likely to come: none where nothing is known. */
function lossRange(history: EpochFigures[], highest = 0): { range?: number[] } {
  const losses = history.flatMap(({ loss, val_loss }) => [loss, val_loss])
    .filter((value) => typeof value === "number");
  const top = Math.max(highest, ...losses);
  return top > 0 ? { range: [0, 1.05 * top] } : {};
}

/** Three powers of ten, which a learning rate hardly leaves, as a logarithmic axis has them. */
function rateRange(history: EpochFigures[]): { range?: number[] } {
  const rates = history.map(({ learning_rate }) => learning_rate)
    .filter((rate) => typeof rate === "number" && rate > 0) as number[];
  if (rates.length === 0) return {};
  const [low, high] = [Math.min(...rates), Math.max(...rates)].map(Math.log10);
  return { range: [Math.min(low - 0.2, high - 3), high + 0.2] };
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
