import { colours, INK } from "../figure.ts";
import { element, tenth, text } from "../svg/xml.ts";
import { type GraphLayer, layerKind, layerShape } from "./graph_layer.ts";
import { layersHeading } from "./layers_text.ts";
import { type PlacedLayer, placeLayers } from "./place_layers.ts";

const BOX = { width: 270, height: 52 };
const ROW = BOX.height + 30;
/** Between the lanes, and beside them: there lines pass that skip rows. */
const GAP = 44;
const TOP = 52;
const WIDTH = 2 * BOX.width + 3 * GAP;

/**
 * A network as a diagram in SVG: a box for each layer with its shape and number of parameters, and
 * lines from those that it reads. Colours are readable on white and on black.
 *
 * @param layers each after those that it reads
 */
export function layerDiagram(layers: readonly GraphLayer[], title: string): string {
  const placed = placeLayers(layers);
  const byName = new Map(placed.map((layer) => [layer.name, layer]));
  const height = TOP + (Math.max(...placed.map(({ row }) => row)) + 1) * ROW - 10;
  const heading = layersHeading(layers, title);
  const lines = placed.flatMap((to) =>
    to.inputs.map((name) => connection(byName.get(name)!, to, placed))
  );
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${height}`,
      "font-family": "system-ui, sans-serif",
      "font-size": 13,
      fill: INK,
      role: "img",
      "aria-label": heading,
    },
    text(heading, { x: 14, y: 26, "font-size": 16 }),
    ...lines,
    ...placed.map(box),
  );
}

function middle({ lane }: PlacedLayer): number {
  return GAP + BOX.width / 2 + lane * (BOX.width + GAP);
}

function top({ row }: PlacedLayer): number {
  return TOP + row * ROW;
}

function box(layer: PlacedLayer): string {
  const [x, y] = [middle(layer), top(layer)];
  const colour = layer.inputs.length === 0
    ? colours.green
    : layer.parameters > 0
    ? colours.blue
    : "#808080";
  const count = layer.parameters === 0
    ? ""
    : ` · ${layer.parameters.toLocaleString("en")} ${layer.isFrozen ? "frozen" : "parameters"}`;
  const centred = { x, "text-anchor": "middle" };
  return element(
    "g",
    { class: "layer" },
    element("rect", {
      x: x - BOX.width / 2,
      y,
      ...BOX,
      rx: 6,
      fill: colour,
      "fill-opacity": "0.12",
      stroke: colour,
    }),
    text(`${layer.name} · ${layerKind(layer)}`, { ...centred, y: y + 21 }),
    text(`${layerShape(layer)}${count}`, { ...centred, y: y + 40 }),
  );
}

/** From one layer down to another; beside the layers between them, if it skips rows. */
function connection(from: PlacedLayer, to: PlacedLayer, all: readonly PlacedLayer[]): string {
  const [x1, y1] = [middle(from), top(from) + BOX.height];
  const [x2, y2] = [middle(to), top(to)];
  const between = all.filter(({ row }) => row > from.row && row < to.row);
  const inWay = between.some(({ lane }) => lane === from.lane);
  const side = from.lane < 0.5 ? -1 : 1;
  if (between.length > 0 && (inWay || from.lane !== to.lane)) {
    // Down its own lane, or outside it, then in from the side; from outside, through a free row.
    const x = inWay ? x1 + side * (BOX.width / 2 + GAP / 2) : x1;
    const end = x2 + side * BOX.width / 2;
    if (Math.abs(x - x2) > BOX.width / 2) {
      const y = y2 + BOX.height / 2;
      const start = inWay
        ? `M${x1 + side * BOX.width / 2},${y1 - BOX.height / 2}H${x}`
        : `M${x},${y1}`;
      return arrow(`${start}V${y}H${end - side * -6}`, end, y, side > 0 ? "left" : "right");
    }
  }
  if (x1 === x2) return arrow(`M${x1},${y1}V${y2 - 6}`, x2, y2, "down");
  const half = (y1 + y2) / 2;
  return arrow(`M${x1},${y1}V${half}H${x2}V${y2 - 6}`, x2, y2, "down");
}

function arrow(d: string, x: number, y: number, to: "down" | "left" | "right"): string {
  const wings = {
    down: [[-4, -8], [4, -8]],
    left: [[8, -4], [8, 4]],
    right: [[-8, -4], [-8, 4]],
  }[to];
  const points = [[0, 0], ...wings].map(([dx, dy]) => `${tenth(x + dx)},${tenth(y + dy)}`);
  const look = { fill: "none", stroke: INK, "stroke-linejoin": "round" };
  return element("path", { class: "connection", d, ...look }) +
    element("polygon", { points: points.join(" ") });
}
