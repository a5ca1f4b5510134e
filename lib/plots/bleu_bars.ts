import { axis, type Figure, layout, palette } from "./figure.ts";

/** Scores of a run or a data set by metric, each in [0, 1]. */
export interface NamedScores {
  /** Shown in the legend. */
  name: string;
  /** Such as `{ "bleu-1": 0.6, … }`, in drawing order. */
  scores: Record<string, number>;
}

/** Options of {@linkcode bleuBars}. */
export interface BleuBarsOptions {
  /** Shown above. @default {"BLEU"} */
  title?: string;
  /** What the names of the scores begin with. @default {"bleu-"} */
  prefix?: string;
}

/**
 * Bars of BLEU-1 to BLEU-4: a group of bars for each run, each bar with its value.
 *
 * @throws {RangeError} if there is no score whose name begins with the prefix
 */
export function bleuBars(
  scores: Record<string, number> | NamedScores[],
  { title = "BLEU", prefix = "bleu-" }: BleuBarsOptions = {},
): Figure {
  const groups = Array.isArray(scores) ? scores : [{ name: "", scores }];
  const names = [...new Set(groups.flatMap((group) => Object.keys(group.scores)))]
    .filter((name) => name.startsWith(prefix));
  if (names.length === 0) {
    const found = groups.flatMap((group) => Object.keys(group.scores)).join(", ") || "none";
    throw new RangeError(`No score begins with "${prefix}": found ${found}; pass another prefix`);
  }
  return {
    data: groups.map((group, i) => ({
      type: "bar",
      name: group.name,
      showlegend: groups.length > 1,
      x: names.map((name) => name.toUpperCase()),
      y: names.map((name) => group.scores[name] ?? null),
      text: names.map((name) => group.scores[name]?.toFixed(3) ?? ""),
      textposition: "outside",
      cliponaxis: false,
      marker: { color: palette[i % palette.length] },
      hovertemplate: "%{x}: %{y:.4f}<extra></extra>",
    })),
    layout: layout(title, {
      xaxis: axis("metric"),
      yaxis: axis("score", { range: [0, 1], tickformat: ".1f" }),
      barmode: "group",
      bargap: 0.35,
    }),
  };
}
