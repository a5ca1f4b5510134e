import type { DecoderInputs, TransformerSettings } from "../models/mod.ts";
import type { GraphLayer } from "../plots/mod.ts";

/**
 * A transformer's parts, which Keras has no layers for: the photo's places and the words' vectors, which
 * each layer changes.
 *
 * @param count numbers that the weights have whose names begin with this
 */
export function transformerGraph(
  { layers, heads, width, maxWords }: TransformerSettings,
  { vocabularySize, featureShape }: DecoderInputs,
  count: (prefix: string) => number,
): GraphLayer[] {
  const places = [...featureShape.slice(0, -1), width];
  const part = (
    name: string,
    kind: string,
    inputs: string[],
    shape = [maxWords + 1, width],
    detail = "",
  ): GraphLayer => ({
    name,
    kind,
    detail,
    shape,
    parameters: count(`${name}/`),
    isFrozen: false,
    inputs,
  });
  const stack = Array.from({ length: layers }, (_, i) => {
    const below = i === 0 ? "positions" : `layer_${i}`;
    const read = [below, "image_norm"];
    return part(`layer_${i + 1}`, "Transformer", read, undefined, `${heads} heads`);
  });
  return [
    part("image_features", "Input", [], featureShape),
    part("image", "Dense", ["image_features"], places),
    part("image_positions", "Positions", ["image"], places),
    part("image_norm", "LayerNormalization", ["image_positions"], places),
    part("words", "Input", [], [maxWords + 1]),
    part("embedding", "Embedding", ["words"]),
    part("positions", "Positions", ["embedding"]),
    ...stack,
    part("norm", "LayerNormalization", [`layer_${layers}`]),
    part("output", "Dense", ["norm"], [vocabularySize], "kernel of the embedding"),
  ];
}
