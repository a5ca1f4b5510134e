import type { Architecture } from "../architectures/architecture.ts";
import { fileOrders } from "./file_orders.ts";
import type { SourceLayer } from "./weight_source.ts";

/** Which of a network's layers the layers of a file may be. */
export interface LayerReading {
  /** Name in the network of each of the file's layers. */
  names: string[];
  /** Whether the order alone told them, as the file's own names are others. */
  inOrder: boolean;
}

/** Keras' automatic names by the class, as its versions write them. */
const kinds: Record<string, string> = {
  conv2d: "conv2d",
  convolution2d: "conv2d",
  depthwise_conv2d: "depthwise_conv2d",
  separable_conv2d: "separable_conv2d",
  separableconvolution2d: "separable_conv2d",
  batch_normalization: "batch_normalization",
  batchnormalization: "batch_normalization",
  dense: "dense",
};

/** `conv2d` of `conv2d_17` or Keras 1's `convolution2d_3`; undefined for a name that was given. */
export function automaticKind(name: string): string | undefined {
  return kinds[name.replace(/_\d+$/, "")];
}

/**
 * What a file's layers may be, the most likely first; none if the file cannot be of the network.
 *
 * Given names are the same in every file. Automatic ones are numbered by what their Python process
 * had made before, so a number says nothing: they are told by their order among their kind, as
 * Keras writes it. A file that has automatic or unknown names where the network has given ones
 * (older versions of Keras) is taken in its order altogether, as Keras does. As the file may be of
 * a part of the network, whose order may be another, there is a reading for each part that has as
 * many layers.
 */
export function layerReadings(
  architecture: Architecture,
  sourceLayers: readonly SourceLayer[],
): LayerReading[] {
  const names = sourceLayers.map(({ name }) => architecture.aliases[name] ?? name);
  const orders = fileOrders(architecture).map((order) => order.map(({ name }) => name));
  const known = new Set(orders[0].filter((name) => automaticKind(name) === undefined));
  const noneIsKnown = !names.some((name) => known.has(name));
  const readings = new Map<string, LayerReading>();
  for (const order of orders) {
    const read = byKind(names, order);
    if (read !== undefined) readings.set(read.join("/"), { names: read, inOrder: false });
  }
  for (const order of orders) {
    if (order.length !== names.length || readings.has(order.join("/"))) continue;
    const fits = (name: string, i: number) =>
      name === order[i] || noneIsKnown || automaticKind(name) !== undefined;
    if (names.every(fits)) readings.set(order.join("/"), { names: order, inOrder: true });
  }
  return [...readings.values()];
}

/** The file's names with an order's automatic ones in place, if there are as many of each kind. */
function byKind(names: string[], order: string[]): string[] | undefined {
  const waiting = Map.groupBy(order, (name) => automaticKind(name));
  const read = names.map((name) => {
    const kind = automaticKind(name);
    return kind === undefined ? name : waiting.get(kind)?.shift();
  });
  waiting.delete(undefined);
  const allTaken = [...waiting.values()].every(({ length }) => length === 0);
  return allTaken && !read.includes(undefined) ? read as string[] : undefined;
}
