import type { TraceKeys } from "./figure_parts.ts";
import { marker } from "./markers.ts";
import { stroke } from "./traces.ts";
import { element, text, textWidth } from "./xml.ts";

const SWATCH = 26;
const GAP = 18;
const ROW = 20;

/** Names of traces with what they look like, at the right above the plot, in as many rows as needed. */
export interface Legend {
  /** Height of all rows, in pixels. */
  height: number;
  /** The rows as text. @param right where they end @param bottom below the last */
  draw(right: number, bottom: number): string;
}

/** The legend of those traces that have a name, if there are several. */
export function legendOf(
  traces: readonly TraceKeys[],
  colourOf: (index: number) => string,
  width: number,
  size: number,
): Legend {
  const shown = traces.map((trace, i) => ({ trace, colour: colourOf(i) }))
    .filter(({ trace }) => trace.name && (trace.showlegend ?? traces.length > 1));
  const rows: { entries: typeof shown; width: number }[] = [];
  for (const entry of shown) {
    const needed = SWATCH + textWidth(entry.trace.name!, size) + GAP;
    const last = rows.at(-1);
    if (last && last.width + needed <= width) {
      last.entries.push(entry);
      last.width += needed;
    } else rows.push({ entries: [entry], width: needed });
  }
  return {
    height: rows.length * ROW,
    draw(right, bottom) {
      const parts = rows.flatMap((row, r) => {
        const y = bottom - (rows.length - r - 0.5) * ROW;
        let x = right - row.width + GAP;
        return row.entries.flatMap(({ trace, colour }) => {
          const drawn = [
            swatch(trace, colour, x, y),
            text(trace.name!, { x: x + SWATCH, y: y + size * 0.35 }),
          ];
          x += SWATCH + textWidth(trace.name!, size) + GAP;
          return drawn;
        });
      });
      return element("g", { class: "legend" }, ...parts);
    },
  };
}

function swatch(trace: TraceKeys, colour: string, x: number, y: number): string {
  if (trace.type === "bar") {
    const fill = trace.marker?.color ?? colour;
    return element("rect", { x: x + 4, y: y - 5, width: 14, height: 10, fill });
  }
  const { mode = "lines+markers", line = {} } = trace;
  const parts: string[] = [];
  if (mode.includes("lines")) {
    parts.push(element("path", { d: `M${x},${y}h20`, ...stroke(line, colour) }));
  }
  if (mode.includes("markers")) {
    parts.push(marker({ ...trace.marker, size: trace.marker?.size ?? 6 }, x + 10, y, colour));
  }
  return parts.join("");
}
