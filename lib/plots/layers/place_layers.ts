import type { GraphLayer } from "./graph_layer.ts";

/** A layer's place in a diagram. */
export interface PlacedLayer extends GraphLayer {
  /** Row from the top. */
  row: number;
  /** 0: reads the first input by name alone; 1: the last alone; between: several. */
  lane: number;
}

/**
 * Rows and lanes of layers: each stands as low as those allow that read it, so that branches are
 * side by side where they meet.
 */
export function placeLayers(layers: readonly GraphLayer[]): PlacedLayer[] {
  const toEnd = new Map<string, number>();
  for (const { name, inputs } of layers.toReversed()) {
    const own = toEnd.get(name) ?? 0;
    toEnd.set(name, own);
    for (const input of inputs) toEnd.set(input, Math.max(toEnd.get(input) ?? 0, own + 1));
  }
  const rows = Math.max(...toEnd.values());
  // By name, so that the same input is on the same side of every network.
  const sources = layers.filter(({ inputs }) => inputs.length === 0).map(({ name }) => name).sort();
  const lanes = new Map<string, Set<number>>();
  for (const { name, inputs } of layers) {
    const own = inputs.length === 0
      ? [sources.indexOf(name)]
      : inputs.flatMap((input) => [...lanes.get(input) ?? []]);
    lanes.set(name, new Set(own));
  }
  const last = Math.max(1, sources.length - 1);
  return layers.map((layer) => {
    const reached = [...lanes.get(layer.name)!];
    const lane = reached.reduce((sum, index) => sum + index, 0) / reached.length / last;
    return { ...layer, row: rows - toEnd.get(layer.name)!, lane };
  });
}
