/** One Plotly trace; the keys are Plotly's own. */
export interface Trace {
  /** Plotly's kind of trace, such as `scatter` or `bar`. */
  type: string;
  /** Shown in the legend. */
  name?: string;
  /** Any other of Plotly's keys. */
  [key: string]: unknown;
}

/** A figure as plain Plotly JSON. */
export interface Figure {
  /** What is drawn. */
  data: Trace[];
  /** Axes, title and the like; the keys are Plotly's own. */
  layout: Record<string, unknown>;
}

/** Okabe and Ito's colours (2008), which colour-blind readers can distinguish, on white and on black. */
export const colours = {
  blue: "#0072b2",
  vermillion: "#d55e00",
  green: "#009e73",
  orange: "#e69f00",
  sky: "#56b4e9",
  purple: "#cc79a7",
} as const;

/** The same colours, in the order in which groups use them. */
export const palette: readonly string[] = Object.values(colours);

/** Of text: the contrast is about 4.5 : 1 both on white and on the near black of dark themes. */
export const INK = "#777777";
const GRID = "rgba(128, 128, 128, 0.25)";

const TOP = { y: 1, yanchor: "top", pad: { t: 10 } };

/** An axis in the project's style; `more` are Plotly's own keys. */
export function axis(title: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: { text: title, font: { size: 13 }, standoff: 10 }, // below slanted words too
    gridcolor: GRID,
    linecolor: GRID,
    zeroline: false,
    automargin: true,
    separatethousands: true,
    exponentformat: "none", // 10,000, as elsewhere, and not 10k
    ...more,
  };
}

/** A layout in the project's style: no background of its own, so that any theme shows through. */
export function layout(title: string, more: Record<string, unknown> = {}): Figure["layout"] {
  return {
    // At the very top, so that a long legend passes below it.
    title: { text: title, font: { size: 16 }, x: 0.02, xanchor: "left", ...TOP },
    font: { color: INK, family: "system-ui, sans-serif", size: 13 },
    paper_bgcolor: "rgba(0, 0, 0, 0)",
    plot_bgcolor: "rgba(0, 0, 0, 0)",
    modebar: { bgcolor: "rgba(0, 0, 0, 0)", color: INK, activecolor: colours.blue },
    colorway: palette,
    height: 380,
    margin: { t: 56, r: 24, b: 48, l: 56 },
    legend: { orientation: "h", x: 1, xanchor: "right", y: 1.02, yanchor: "bottom" },
    ...more,
  };
}
