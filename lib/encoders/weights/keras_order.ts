import { type Architecture, type LayerSpec, layersUntil } from "../architectures/architecture.ts";

/**
 * Layers in the order of Keras' `model.layers`, which is that of its files: the farthest from the
 * output first, and of equally far ones those that a search back from the output meets first.
 *
 * @param layers each after the layers it takes; the last one is the output
 */
export function kerasOrder(layers: LayerSpec[]): LayerSpec[] {
  const distances = new Map<string, number>();
  for (const { name, inputs } of layers.toReversed()) {
    const further = (distances.get(name) ?? 0) + 1;
    distances.set(name, further - 1);
    for (const input of inputs) {
      distances.set(input, Math.max(further, distances.get(input) ?? 0));
    }
  }
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const met = new Map<string, number>();
  const pending = [layers.at(-1)!.name];
  while (pending.length > 0) {
    const name = pending.pop()!;
    if (met.has(name)) continue;
    met.set(name, met.size);
    pending.push(...(byName.get(name)?.inputs ?? []).toReversed());
  }
  return layers.toSorted((a, b) =>
    distances.get(b.name)! - distances.get(a.name)! || met.get(a.name)! - met.get(b.name)!
  );
}

/**
 * What Keras may have written of a network: the layers with weights, in its order, of the whole
 * and of each part that ends at one layer; the whole first, no order twice.
 */
export function kerasOrders(architecture: Architecture): LayerSpec[][] {
  const orders = new Map<string, LayerSpec[]>();
  for (const { name } of architecture.layers.toReversed()) {
    const order = kerasOrder(layersUntil(architecture, name)).filter(({ weighted }) => weighted);
    orders.set(order.map(({ name }) => name).join("/"), order);
  }
  return [...orders.values()];
}
