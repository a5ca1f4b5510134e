import type { Architecture } from "../architectures/architecture.ts";
import type { SourceLayer } from "./weight_source.ts";

/**
 * Parts a file's layers from what a user has put after the network in the same model
 * (`Model(base.input, Dense(10)(base.output))`): layers that the network does not have, and no
 * convolutions.
 */
export function withoutHead(
  { layers, aliases }: Architecture,
  sourceLayers: readonly SourceLayer[],
): { kept: SourceLayer[]; head: string } {
  const known = new Set(layers.map(({ name }) => name));
  const isHead = ({ name, arrays }: SourceLayer) =>
    arrays.length > 0 && !known.has(aliases[name] ?? name) &&
    arrays.every(({ shape }) => shape.length <= 2);
  return {
    kept: sourceLayers.filter((layer) => !isHead(layer)),
    head: sourceLayers.filter(isHead).map(({ name }) => name).join(", "),
  };
}
