import { axis, type Figure, layout, palette } from "./figure.ts";
import { principalComponents } from "./principal_components.ts";

/** Options of {@linkcode featureProjection}. */
export interface FeatureProjectionOptions {
  /** Shown above. @default {"Features"} */
  title?: string;
  /** A group for each row, which gets a colour and a name in the legend. */
  groups?: string[];
  /** A text for each row, shown under the pointer. */
  texts?: string[];
}

/**
 * The rows on the plane of their first two principal components.
 *
 * @param rows one feature vector a photo, of equal length
 * @throws {RangeError} if there are fewer than two rows or their lengths differ
 */
export function featureProjection(
  rows: ArrayLike<number>[],
  { title = "Features", groups, texts }: FeatureProjectionOptions = {},
): Figure {
  const { coordinates, explained } = principalComponents(rows);
  const members = new Map<string, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const group = groups?.[i] ?? "";
    members.set(group, [...(members.get(group) ?? []), i]);
  }
  const percent = (k: number) => `${((explained[k] ?? 0) * 100).toFixed(0)} % of variance`;
  return {
    data: [...members].map(([name, of], k) => ({
      type: "scatter",
      mode: "markers",
      name,
      showlegend: members.size > 1,
      x: of.map((i) => coordinates[i][0] ?? 0),
      y: of.map((i) => coordinates[i][1] ?? 0),
      text: of.map((i) => texts?.[i] ?? ""),
      marker: {
        color: palette[k % palette.length],
        symbol: SYMBOLS[k % SYMBOLS.length], // beside the colour, for who sees none
        size: 7,
        opacity: 0.8,
      },
      hovertemplate: "%{text}<extra>%{fullData.name}</extra>",
    })),
    layout: layout(title, {
      xaxis: axis(`component 1, ${percent(0)}`),
      yaxis: axis(`component 2, ${percent(1)}`),
      hovermode: "closest",
    }),
  };
}

const SYMBOLS = ["circle", "diamond", "square", "cross", "triangle-up"];
