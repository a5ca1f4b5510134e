import { kerasOrder } from "../../keras/mod.ts";
import { type Architecture, type LayerSpec, layersUntil } from "../architectures/architecture.ts";

/**
 * What Keras may have written of a network: the layers with weights, in its order, of the whole
 * and of each part that ends at one layer; the whole first, no order twice.
 */
export function fileOrders(architecture: Architecture): LayerSpec[][] {
  const orders = new Map<string, LayerSpec[]>();
  for (const { name } of architecture.layers.toReversed()) {
    const order = kerasOrder(layersUntil(architecture, name), name).filter(({ weighted }) =>
      weighted
    );
    orders.set(order.map(({ name }) => name).join("/"), order);
  }
  return [...orders.values()];
}
