import { axis, type Figure, layout, palette } from "./figure.ts";

/** Caption lengths of a run, or of people. */
export interface LengthGroup {
  /** Shown in the legend. */
  name: string;
  /** Words of each caption. */
  lengths: readonly number[];
}

/**
 * Which share of its captions each group makes so long: a line for each group, with its mean in the
 * legend. Shares, so that groups of different sizes can be compared.
 *
 * @throws {RangeError} naming a group without captions
 */
export function lengthShares(groups: readonly LengthGroup[], title = "Caption length"): Figure {
  const longest = Math.max(0, ...groups.map(({ lengths }) => lengths.reduce(larger, 0)));
  const shortest = Math.min(
    longest,
    ...groups.map(({ lengths }) => lengths.reduce(smaller, longest)),
  );
  const x = Array.from({ length: longest - shortest + 1 }, (_, i) => shortest + i);
  return {
    data: groups.map(({ name, lengths }, i) => {
      if (lengths.length === 0) throw new RangeError(`No caption lengths of ${name} to draw`);
      const counts = new Array<number>(x.length).fill(0);
      for (const length of lengths) counts[length - shortest]++;
      const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
      const color = palette[i % palette.length];
      return {
        type: "scatter",
        mode: "lines+markers",
        name: `${name}, mean ${mean.toFixed(1)}`,
        x,
        y: counts.map((count) => 100 * count / lengths.length),
        line: { color, width: 2 },
        marker: { color, size: 6 },
        hovertemplate: `%{y:.1f} %<extra>${name}</extra>`,
      };
    }),
    layout: layout(title, {
      xaxis: axis("words in a caption"),
      yaxis: axis("share of captions (%)", { rangemode: "tozero" }),
      hovermode: "x unified",
      showlegend: true,
    }),
  };
}

const larger = (a: number, b: number) => Math.max(a, b);
const smaller = (a: number, b: number) => Math.min(a, b);
