import type { Figure, Trace } from "../figure.ts";

/** Those of Plotly's keys of an axis that are drawn. */
export interface AxisKeys {
  /** Along the axis. */
  title?: { text?: string };
  /** Of decimal logarithms where the type is `log`. */
  range?: [number, number];
  /** `reversed`: from the top, or from the right. */
  autorange?: boolean | "reversed";
  /** Logarithmic, or found from the values. */
  type?: "log" | "linear" | "category";
  /** Where a tick stands. */
  tick0?: number;
  /** Distance of two ticks; of logarithms, or `D2`: at 1, 2 and 5. */
  dtick?: number | string;
  /** Where ticks stand. */
  tickvals?: number[];
  /** What is written there. */
  ticktext?: string[];
  /** `.1f` or `.0e`. */
  tickformat?: string;
  /** Whether lines go through the plot. */
  showgrid?: boolean;
  /** `right`, for a second vertical axis. */
  side?: string;
}

/** A line over the plot. */
export interface ShapeKeys {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  xref?: string;
  yref?: string;
  line?: LineKeys;
}

/** A text over the plot. */
export interface AnnotationKeys {
  x: number;
  y: number;
  xref?: string;
  yref?: string;
  xanchor?: "left" | "center" | "right";
  yanchor?: "top" | "middle" | "bottom";
  text: string;
  font?: { color?: string };
}

/** How a line looks. */
export interface LineKeys {
  color?: string;
  width?: number;
  dash?: string;
  shape?: string;
}

/** How points or bars look. */
export interface MarkerKeys {
  color?: string;
  size?: number;
  symbol?: string;
  opacity?: number;
  line?: { width?: number; color?: string };
}

/** A whisker at each bar. */
export interface WhiskerKeys {
  /** Its length upwards, for each bar. */
  array: number[];
  /** Downwards. */
  arrayminus: number[];
  color?: string;
  thickness?: number;
  /** Half the length of the lines across its ends, in pixels. */
  width?: number;
}

/** Those of Plotly's keys of a trace that are drawn. */
export interface TraceKeys {
  type: "bar" | "scatter" | "heatmap";
  name?: string;
  showlegend?: boolean;
  x: (number | string)[];
  y: (number | null)[];
  z: (number | null)[][];
  text?: string[];
  mode?: string;
  width?: number;
  yaxis?: string;
  line?: LineKeys;
  marker?: MarkerKeys;
  error_y?: WhiskerKeys;
  colorbar?: { title?: { text?: string } };
}

/** Those of Plotly's keys of a layout that are drawn. */
export interface LayoutKeys {
  title?: { text?: string };
  height?: number;
  xaxis?: AxisKeys;
  yaxis?: AxisKeys;
  yaxis2?: AxisKeys;
  shapes?: ShapeKeys[];
  annotations?: AnnotationKeys[];
  bargap?: number;
  colorway?: readonly string[];
}

/** The figure's traces; undefined if one is of a kind that is not drawn here. */
export function tracesOf({ data }: Figure): TraceKeys[] | undefined {
  if (!data.every(isDrawn)) return undefined;
  return data.map((trace) => ({ ...trace as unknown as TraceKeys, ...positionsOf(trace) }));
}

function isDrawn({ type, x, y, z }: Trace): boolean {
  if (type === "heatmap") return Array.isArray(z) && z.every(Array.isArray);
  return (type === "bar" || type === "scatter") && Array.isArray(y) &&
    (x === undefined || Array.isArray(x));
}

/** Without an `x`, values stand at 0, 1, …, as Plotly has it. */
function positionsOf({ x, y }: Trace): Partial<TraceKeys> {
  return x === undefined && Array.isArray(y) ? { x: y.map((_, i) => i) } : {};
}
