import { axis, colours, type Figure, layout } from "./figure.ts";
import { spread } from "./spread.ts";

/** Options of {@linkcode wordFrequencies}. */
export interface WordFrequenciesOptions {
  /** Shown above. @default {"Word frequency"} */
  title?: string;
  /** Words drawn at most, spread evenly along the logarithmic axis. @default {400} */
  points?: number;
  /** A line is drawn here: rarer words are not in the vocabulary. */
  minCount?: number;
}

/**
 * Count of each word by rank, both logarithmic, beside Zipf's law (count ∝ 1 / rank).
 *
 * @throws {RangeError} if there are no words
 */
export function wordFrequencies(
  counts: Iterable<readonly [word: string, count: number]>,
  { title = "Word frequency", points = 400, minCount }: WordFrequenciesOptions = {},
): Figure {
  const words = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  if (words.length === 0) throw new RangeError("No word counts to draw");
  const ranks = spread(words.length, points);
  const top = words[0][1];
  return {
    data: [{
      type: "scatter",
      mode: "markers",
      name: `${words.length.toLocaleString("en")} words`,
      x: ranks,
      y: ranks.map((rank) => words[rank - 1][1]),
      text: ranks.map((rank) => words[rank - 1][0]),
      marker: { color: colours.blue, size: 5 },
      hovertemplate: "%{text}: %{y}, rank %{x}<extra></extra>",
    }, {
      type: "scatter",
      mode: "lines",
      name: "Zipf's law",
      x: [1, words.length],
      y: [top, top / words.length],
      line: { color: colours.orange, width: 1.5, dash: "dot" },
      hoverinfo: "skip",
    }],
    layout: layout(title, {
      xaxis: axis("rank of the word (logarithmic)", { type: "log", dtick: 1 }),
      yaxis: axis("times it occurs (logarithmic)", { type: "log", dtick: 1 }),
      ...minCount === undefined ? {} : minCountLine(words, minCount),
    }),
  };
}

/** Where the vocabulary ends, and what that costs. */
function minCountLine(words: (readonly [string, number])[], minCount: number) {
  const dropped = words.filter(([, count]) => count < minCount).length;
  return {
    shapes: [{
      type: "line",
      x0: 0,
      x1: 1,
      xref: "paper",
      y0: minCount,
      y1: minCount,
      line: { color: colours.vermillion, width: 1.5, dash: "dash" },
    }],
    annotations: [{
      x: 0.01,
      xref: "paper",
      xanchor: "left",
      y: Math.log10(minCount), // a logarithmic axis takes it so
      yanchor: "bottom",
      showarrow: false,
      text: `minCount ${minCount}: ${
        dropped === 0
          ? "no word is"
          : dropped === 1
          ? "1 word is"
          : `${dropped.toLocaleString("en")} words are`
      } below`,
      font: { color: colours.vermillion },
    }],
  };
}
