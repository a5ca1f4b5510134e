import { axis, colours, type Figure, layout } from "./figure.ts";

/**
 * Number of captions by length in words, with the mean as a line.
 *
 * @param lengths words of each caption
 * @throws {RangeError} if there are none
 */
export function captionLengths(lengths: Iterable<number>, title = "Caption length"): Figure {
  const counts = new Map<number, number>();
  let words = 0;
  let captions = 0;
  for (const length of lengths) {
    counts.set(length, (counts.get(length) ?? 0) + 1);
    words += length;
    captions++;
  }
  if (captions === 0) throw new RangeError("No caption lengths to draw");
  const x = [...counts.keys()].sort((a, b) => a - b);
  const mean = words / captions;
  return {
    data: [{
      type: "bar",
      x,
      y: x.map((length) => counts.get(length)!),
      marker: { color: colours.blue },
      hovertemplate: "%{x} words: %{y} captions<extra></extra>",
    }],
    layout: layout(title, {
      xaxis: axis("words in a caption"),
      yaxis: axis("captions"),
      bargap: 0.1,
      shapes: [{
        type: "line",
        x0: mean,
        x1: mean,
        y0: 0,
        y1: 1,
        yref: "paper",
        line: { color: colours.vermillion, width: 2, dash: "dash" },
      }],
      annotations: [{
        x: mean,
        y: 1,
        yref: "paper",
        yanchor: "bottom",
        showarrow: false,
        text: `mean ${mean.toFixed(1)} words`,
        font: { color: colours.vermillion },
      }],
    }),
  };
}
