import { axis, type Figure, layout, palette } from "./figure.ts";
import { spread } from "./spread.ts";

/** The words of a run's captions, or of people's. */
export interface WordGroup {
  /** Shown in the legend. */
  name: string;
  /** Each word's number of occurrences. */
  counts: Iterable<readonly [word: string, count: number]>;
}

/** Points drawn of a line at most. */
const POINTS = 200;

/**
 * How often each group says its words, from the most frequent on, both axes logarithmic: a line ends
 * at the number of different words, which the legend names. Counts are of a thousand words, so that
 * groups of different sizes can be compared.
 *
 * @throws {RangeError} naming a group without words
 */
export function vocabularyCurves(groups: readonly WordGroup[], title = "Vocabulary"): Figure {
  return {
    data: groups.map(({ name, counts }, i) => {
      const words = [...counts]
        .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
      if (words.length === 0) throw new RangeError(`No words of ${name} to draw`);
      const all = words.reduce((sum, [, count]) => sum + count, 0);
      const x = spread(words.length, POINTS);
      const color = palette[i % palette.length];
      return {
        type: "scatter",
        mode: "lines+markers",
        name: `${name}, ${words.length.toLocaleString("en")} words`,
        x,
        y: x.map((rank) => 1000 * words[rank - 1][1] / all),
        text: x.map((rank) => words[rank - 1][0]),
        line: { color, width: 2 },
        marker: { color, size: 4 },
        hovertemplate: `%{text}: %{y:.3g} of 1,000, rank %{x}<extra>${name}</extra>`,
      };
    }),
    layout: layout(title, {
      xaxis: axis("rank of the word (logarithmic)", { type: "log", dtick: 1 }),
      yaxis: axis("times in 1,000 words (logarithmic)", { type: "log", dtick: 1 }),
      showlegend: true,
    }),
  };
}
