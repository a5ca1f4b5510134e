import { axis, colours, type Figure, layout, palette } from "../../lib/plots/mod.ts";

/** Time a caption of each stage, and the most memory, by the number of captions. */
export function largeDataFigures(
  sizes: readonly number[],
  perCaption: ReadonlyMap<string, readonly number[]>,
  peaks: readonly number[],
  limit: number,
): Figure[] {
  const x = axis("captions", { type: "log", tickvals: sizes, ticktext: sizes.map(String) });
  return [{
    data: [...perCaption].map(([name, seconds], i) => ({
      type: "scatter",
      mode: "lines+markers",
      name,
      x: sizes,
      y: seconds.map((each) => each * 1000),
      line: { color: palette[i % palette.length], dash: i < palette.length ? "solid" : "dot" },
    })),
    layout: layout("Processor time a caption", {
      xaxis: x,
      yaxis: axis("milliseconds", { type: "log" }),
      legend: { orientation: "v", x: 1.02, xanchor: "left", y: 1 },
    }),
  }, {
    data: [{
      type: "scatter",
      mode: "lines+markers",
      name: "peak of all stages",
      x: sizes,
      y: peaks.map((bytes) => bytes / 1e9),
      line: { color: colours.blue },
    }, {
      type: "scatter",
      mode: "lines",
      name: "limit",
      x: [sizes[0], sizes.at(-1)],
      y: [limit, limit].map((bytes) => bytes / 1e9),
      line: { color: colours.vermillion, dash: "dash" },
    }],
    layout: layout("Memory in use, TensorFlow's library included", {
      xaxis: x,
      yaxis: axis("GB", { rangemode: "tozero" }),
    }),
  }];
}
