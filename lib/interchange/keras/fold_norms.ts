import type { Fold } from "./folds.ts";
import type { KerasLayer } from "./graph.ts";
import type { ImageBranch } from "./recognise_image.ts";
import type { RecurrentChain } from "./recognise_recurrent.ts";
import type { WordsBranch } from "./recognise_words.ts";
import type { Head } from "./recognised.ts";
import { recurrentName } from "./recurrent_name.ts";

/** An image's vector after its projection. */
export interface ImageSide {
  /** Normalisations of it, from the top down. */
  norms: KerasLayer[];
  /** The projection's activation. */
  activation: ImageBranch["activation"];
}

/** The parts of a decoder that normalisations may stand beside. */
interface Parts {
  head: Head;
  image: ImageBranch;
  chain: RecurrentChain;
  branch: WordsBranch;
}

/** What each normalisation changes that stands below, within or above a decoder's own layers. */
export function folding({ head, image, chain, branch }: Parts): Fold[] {
  return [
    ...branch.norms.toReversed()
      .map((norm): Fold => ({ kind: "embeddings", norm, weights: "embedding" })),
    ...before("image", image.norms),
    ...within("image", image.dense.layer),
    ...chain.norms.flatMap(({ layer, norms }) => before(recurrentName(chain.cell, layer), norms)),
    ...headFolds(head),
  ];
}

/** The same of the dense layers at a decoder's end. */
export function headFolds({ dense, denseNorms, output, outputNorms }: Head): Fold[] {
  return [
    ...before("dense", denseNorms),
    ...within("dense", dense?.layer),
    ...before("output", outputNorms),
    ...within("output", output.layer),
  ];
}

function before(weights: string, norms: readonly KerasLayer[]): Fold[] {
  return norms.map((norm) => ({ kind: "before", norm, weights }));
}

function within(weights: string, layer: KerasLayer | undefined): Fold[] {
  return layer?.norm === undefined ? [] : [{ kind: "after", norm: layer.norm, weights }];
}

/** A note on the normalisations that are in the weights now. */
export function foldNotes(folds: readonly Fold[]): string[] {
  const names = folds.flatMap((fold) => "norm" in fold ? [`"${fold.norm.name}"`] : []);
  if (names.length === 0) return [];
  return [
    `Batch normalisation (${
      [...new Set(names)].join(", ")
    }) is multiplied into the weights beside ` +
    "it: logits stay the same, and further training goes without it",
  ];
}
