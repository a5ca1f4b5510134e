import type { MarkerKeys } from "./figure_parts.ts";
import { type Attributes, element, tenth } from "./xml.ts";

/** Corners of each symbol around its middle, in halves of its size. */
const CORNERS: Record<string, number[][]> = {
  diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  "triangle-up": [[0, -1.1], [1.1, 0.8], [-1.1, 0.8]],
  cross: [
    ...[[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4]],
    ...[[0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]],
  ],
  star: Array.from({ length: 10 }, (_, i) => {
    const [angle, radius] = [(i * Math.PI) / 5, i % 2 === 0 ? 1.3 : 0.5];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  }),
};

/** One marker. @param colour where the keys name none */
export function marker(
  { symbol = "circle", size = 6, color, opacity, line }: MarkerKeys,
  x: number,
  y: number,
  colour: string,
): string {
  const look: Attributes = {
    fill: color ?? colour,
    opacity: opacity === undefined ? undefined : String(opacity),
    stroke: line?.color,
    "stroke-width": line?.width,
  };
  const corners = CORNERS[symbol];
  if (corners === undefined) return element("circle", { cx: x, cy: y, r: size / 2, ...look });
  const points = corners.map(([dx, dy]) =>
    `${tenth(x + dx * size / 2)},${tenth(y + dy * size / 2)}`
  );
  return element("polygon", { points: points.join(" "), ...look });
}
