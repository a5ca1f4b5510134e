import type { ModelSettings } from "../../models/mod.ts";
import { type Embedding, readEmbedding } from "./layers.ts";
import { refused } from "./refused.ts";
import type { KerasLayer } from "./graph.ts";
import { readMask } from "./read_mask.ts";
import { type Passed, passLayers } from "./pass_layers.ts";
import type { RecurrentChain } from "./recognise_recurrent.ts";

/** Padding that recurrent layers read; null: they read words alone. */
type Padding = Extract<ModelSettings, { kind: "merge" }>["padding"];

/** What the recurrent layers read of the words. */
export interface WordsBranch {
  /** The embedding. */
  embedding: Embedding;
  /** Rate of the dropout on it. */
  dropout: number;
  /** Normalisations of it, from the top down. */
  norms: KerasLayer[];
  /** Padding that is read. */
  padding: Padding;
  /** What is assumed or not imported, in a sentence each. */
  notes: string[];
}

/** @throws {RangeError} naming the layer that does not fit */
export function recogniseWords(below: Passed, chain: RecurrentChain): WordsBranch {
  const [first] = chain.layers;
  const found = readEmbedding(below.layer, first);
  // In Keras 3 no mask reaches a layer that starts with a state, or reads an image that has none.
  const masks = found.layer.config.mask_zero === true;
  const isUnsaid = first.saysMask === true && first.mask === undefined &&
    (first.inputs.length > 1 || below !== chain.below);
  const losesMask = below.losesMask || chain.below.losesMask ||
    below !== chain.below && chain.below.layer.losesMask === true;
  const embedding = { ...found, masked: found.masked && !isUnsaid && !losesMask };
  if (embedding.masked && chain.unmasked !== undefined) {
    throw refused(
      chain.unmasked,
      "reads the padding, which the recurrent layer below it does not: the mask is lost between them",
    );
  }
  const isCarried = masks && !losesMask && below === chain.below;
  checkAlike(chain, found.input, isCarried);
  const isLost = masks && !embedding.masked;
  const [padding, assumed] = paddingOf(embedding, chain.sequences, isLost);
  return {
    embedding,
    dropout: below.rate,
    norms: below.norms,
    padding,
    notes: [...below.notes, ...assumed],
  };
}

/**
 * In Keras 3 each recurrent layer reads padding or not for itself: one that starts with a state has no
 * mask but a written one.
 *
 * @param isCarried whether the mask of the words comes up to the others
 * @throws {RangeError} naming a layer that reads padding where the first does not, or the other way
 */
function checkAlike({ layers }: RecurrentChain, words: KerasLayer, isCarried: boolean): void {
  const [first] = layers;
  if (first.saysMask !== true) return;
  const isMasked = ({ mask, inputs }: KerasLayer) =>
    mask === undefined ? inputs.length === 1 && isCarried : readMask(mask, words) === "words";
  const other = layers.find((layer) => isMasked(layer) !== isMasked(first));
  if (other === undefined) return;
  throw refused(
    other,
    `${isMasked(other) ? "leaves out" : "reads"} the padding, unlike "${first.name}" below it: ` +
      "Keras 3 gives no mask to a layer that starts with a state",
  );
}

/**
 * Padding that is read; the file does not say on which side it was.
 *
 * @throws {RangeError} if the file does not say how much there is either
 */
function paddingOf(
  { layer, masked, longest }: Embedding,
  sequences: boolean,
  isLost: boolean,
): [padding: Padding, notes: string[]] {
  if (sequences) {
    return [null, [
      "The model predicts a word after every word: captions take the one after the last, with " +
      "padding behind the words, if there is any",
    ]];
  }
  if (masked) return [null, []];
  if (longest === null) {
    throw refused(
      layer,
      "does not mask padding (mask_zero is false) of an input of variable length: how much " +
        "padding the recurrent layer reads is unknown",
    );
  }
  const why = isLost
    ? "masks padding (mask_zero), but Keras does not pass the mask on in such a model"
    : "does not mask padding (mask_zero is false)";
  return [{ positions: longest, side: "front" }, [
    `The embedding "${layer.name}" ${why}, so that the recurrent layer ` +
    `reads it: padding is assumed in front, as pad_sequences pads by default; if it was behind, ` +
    `set --model.padding.side=back`,
  ]];
}

/** The two inputs of a layer where image and words are brought together. */
export function sidesOf(meeting: KerasLayer): Passed[] {
  const sides = meeting.inputs.map((input) => passLayers(input, { norms: true, repeats: true }));
  if (sides.length === 2) return sides;
  throw refused(meeting, `brings together ${sides.length} layers, where two are expected`);
}

/** `"dense" (Dense) and "lstm" (LSTM)`. */
export function named(layers: readonly KerasLayer[]): string {
  return layers.map(({ name, className }) => `"${name}" (${className})`).join(" and ");
}
