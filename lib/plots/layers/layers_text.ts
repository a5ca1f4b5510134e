import { type GraphLayer, layerKind, layerShape } from "./graph_layer.ts";

/** The layers as a table of text, a line each, under a line with the number of all parameters. */
export function layersText(layers: readonly GraphLayer[], title: string): string {
  const rows = layers.map((layer) => [
    layer.name,
    layerKind(layer),
    layerShape(layer),
    layer.parameters.toLocaleString("en") + (layer.isFrozen ? " (frozen)" : ""),
    layer.inputs.join(", "),
  ]);
  const lines = [["layer", "kind", "output", "parameters", "reads"], ...rows];
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const written = lines.map((line) =>
    line.map((cell, i) => i === 3 ? cell.padStart(widths[i]) : cell.padEnd(widths[i])).join("  ")
      .trimEnd()
  );
  return [layersHeading(layers, title), "", ...written].join("\n");
}

/** What the network is called, and the number of its parameters. */
export function layersHeading(layers: readonly GraphLayer[], title: string): string {
  const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  return `${title}: ${total.toLocaleString("en")} parameters`;
}
