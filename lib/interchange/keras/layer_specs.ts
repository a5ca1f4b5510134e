/** A layer of a model that is to be written. */
export interface LayerSpec {
  /** Its name. */
  name: string;
  /** Keras' class. */
  className: string;
  /** What differs from Keras' defaults, or has none. */
  config: Record<string, unknown>;
  /** Names of the layers that it takes. */
  inputs: string[];
  /** Shape of its output, the batch first. */
  shape: (number | null)[];
  /** Names of its weights, in the order of Keras' arrays. */
  weights: string[];
}

/** A model that is to be written, in whatever format. */
export interface ModelSpec {
  /** Its name. */
  name: string;
  /** Every layer, in Keras' order. */
  layers: LayerSpec[];
  /** Names of its inputs, in the order in which it takes them. */
  inputs: string[];
  /** Name of the layer that is its output. */
  output: string;
}

/**
 * Layers in the order that Keras gives them when it builds the model: those furthest from the
 * output first, equally far ones as they are met on the way down from it. Keras reads weights by
 * this order.
 */
export function kerasOrder(layers: readonly LayerSpec[], output: string): LayerSpec[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const met = new Map<string, number>();
  const depths = new Map<string, number>();
  const visit = (name: string, depth: number) => {
    if (!met.has(name)) met.set(name, met.size);
    depths.set(name, Math.max(depth, depths.get(name) ?? 0));
    byName.get(name)!.inputs.forEach((input) => visit(input, depth + 1));
  };
  visit(output, 0);
  return layers.toSorted((a, b) =>
    depths.get(b.name)! - depths.get(a.name)! || met.get(a.name)! - met.get(b.name)!
  );
}
