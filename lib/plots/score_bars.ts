import { axis, type Figure, INK, layout, palette } from "./figure.ts";

/** Scores of a run, with their intervals where they are known. */
export interface ScoredRun {
  /** Shown in the legend. */
  name: string;
  /** By the scores' names, such as `bleu-4`. */
  scores: Readonly<Record<string, number>>;
  /** Where each score may lie, by the same names. */
  intervals?: Readonly<Record<string, { low: number; high: number }>>;
}

/** Options of {@linkcode scoreBars}. */
export interface ScoreBarsOptions {
  /** Shown above. @default {"Scores", or the name of the only one} */
  title?: string;
}

/** Opacity of bars, in hexadecimal: whiskers are seen on them. */
const PALE = "a0";

/**
 * Bars of several runs side by side, a group for each score, each with its interval as a whisker. The
 * axis begins at 0.
 *
 * @param names scores that are drawn, all of one scale
 * @throws {RangeError} if no run has one of them
 */
export function scoreBars(
  runs: readonly ScoredRun[],
  names: readonly string[],
  { title = names.length === 1 ? scoreLabel(names[0]) : "Scores" }: ScoreBarsOptions = {},
): Figure {
  const values = runs.flatMap(({ scores, intervals }) =>
    names.map((name) => intervals?.[name]?.high ?? scores[name])
  ).filter((value) => value !== undefined);
  if (values.length === 0) {
    throw new RangeError(`No run has a score of these names: ${names.join(", ") || "none"}`);
  }
  return {
    data: runs.map(({ name, scores, intervals }, i) => {
      const whiskers = names.map((score) => {
        const [value, interval] = [scores[score], intervals?.[score]];
        return interval === undefined ? [0, 0] : [interval.high - value, value - interval.low];
      });
      return {
        type: "bar",
        name,
        x: names.map(scoreLabel),
        y: names.map((score) => scores[score] ?? null),
        marker: { color: palette[i % palette.length] + PALE },
        hovertemplate: `%{x}: %{y:.4f}<extra>${name}</extra>`,
        ...intervals === undefined ? {} : {
          error_y: {
            type: "data",
            symmetric: false,
            array: whiskers.map(([up]) => up),
            arrayminus: whiskers.map(([, down]) => down),
            color: INK,
            thickness: 1.5,
            width: 4,
          },
        },
      };
    }),
    layout: layout(title, {
      xaxis: axis("score"),
      yaxis: axis("value", { range: [0, 1.05 * Math.max(...values) || 1] }),
      barmode: "group",
      bargap: names.length < 3 ? 0.7 : 0.3,
      showlegend: true,
    }),
  };
}

/** `bleu-4` → `BLEU-4`, as the field writes them. */
function scoreLabel(name: string): string {
  if (name === "cider-d") return "CIDEr-D";
  return /^(bleu|rouge)-/.test(name) ? name.toUpperCase() : name;
}
