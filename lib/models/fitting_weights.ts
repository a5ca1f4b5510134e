import type { Weights } from "../nn/mod.ts";
import type { Decoder } from "./decoder.ts";

/**
 * Weights in the decoder's own order, on which sums over all gradients depend.
 *
 * @param origin where they are from, for the message
 * @throws {RangeError} if one is missing, of another shape, or none of the decoder's
 */
export function fittingWeights(
  { weightShapes }: Pick<Decoder, "weightShapes">,
  weights: Weights,
  origin: string,
): Weights {
  const another = `${origin} is of another network`;
  const fitting: Weights = new Map();
  for (const [name, shape] of weightShapes) {
    const weight = weights.get(name);
    if (weight === undefined || String(weight.shape) !== String(shape)) {
      throw new RangeError(
        `${another}: ${name} should be [${shape}], ` +
          (weight ? `but is [${weight.shape}]` : "but is missing"),
      );
    }
    fitting.set(name, weight);
  }
  const other = [...weights.keys()].find((name) => !weightShapes.has(name));
  if (other !== undefined) throw new RangeError(`${another}: this one has no "${other}"`);
  return fitting;
}
