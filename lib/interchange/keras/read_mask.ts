import type { KerasLayer } from "./graph.ts";
import { refused } from "./refused.ts";

/** Which steps a mask keeps: words that are not padding, all, or none. */
type Kept = "words" | "all" | "none";

/**
 * What a mask keeps that Keras 3 wrote as operations of its own: those of the embedding, and in a
 * Concatenate those of each part. With an image that is not masked, "any" keeps every step.
 *
 * @param words the words input
 * @throws {RangeError} if it is another mask
 */
export function readMask(mask: KerasLayer, words: KerasLayer): Kept {
  const found = partsOf(mask, words);
  if (found.length === 1) return found[0];
  throw refused(mask, "is a mask other than that of the embedding");
}

/** Of a Concatenate, what each part keeps. */
function partsOf(layer: KerasLayer, words: KerasLayer): Kept[] {
  const { className, inputs } = layer;
  const below = () => inputs.flatMap((input) => partsOf(input, words));
  switch (className) {
    case "NotEqual":
      if (inputs[0] === words) return ["words"];
      break;
    case "OnesLike":
      return ["all"];
    case "ZerosLike":
      return ["none"];
    case "ExpandDims":
    case "BroadcastTo":
    case "Concatenate":
      return below();
    case "Any":
    case "LogicalOr":
      return [either(below(), "all", "none")];
    case "All":
    case "LogicalAnd":
      return [either(below(), "none", "all")];
  }
  throw refused(layer, "is a mask other than that of the embedding");
}

/** `strong` if any part is, else words if any part is. */
function either(parts: readonly Kept[], strong: Kept, otherwise: Kept): Kept {
  if (parts.includes(strong)) return strong;
  return parts.includes("words") ? "words" : otherwise;
}
