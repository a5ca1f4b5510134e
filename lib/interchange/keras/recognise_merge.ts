import { mergeSettings } from "../../models/mod.ts";
import { folding, foldNotes, type ImageSide } from "./fold_norms.ts";
import { expectLastAxis } from "./last_axis.ts";
import { refused } from "./refused.ts";
import { IMAGE_ACTIVATIONS, recogniseImage } from "./recognise_image.ts";
import { isRecurrent, recogniseRecurrent } from "./recognise_recurrent.ts";
import { named, recogniseWords, sidesOf } from "./recognise_words.ts";
import { checkVocabulary, recurrentArrays, recurrentSettings } from "./recurrent_parts.ts";
import { denseNames, type Head, lostDropout, type Recognised } from "./recognised.ts";

/**
 * Recognises the merge decoder, where image and words meet after the recurrent layers: in an Add or a
 * Concatenate.
 *
 * @throws {RangeError} naming the layer that does not fit
 */
export function recogniseMerge(head: Head): Recognised {
  const { meeting, dense, output } = head;
  const merge = meeting.className === "Add" ? "add" : "concatenate";
  if (merge === "concatenate") expectLastAxis(meeting);
  const sides = sidesOf(meeting);
  const words = sides.find(({ layer }) => isRecurrent(layer));
  if (words === undefined) {
    throw refused(
      meeting,
      `${merge}s ${
        named(sides.map(({ layer }) => layer))
      }; the merge decoder has an image's dense ` +
        "layer and an LSTM or GRU of words there",
    );
  }
  const side = sides.find((other) => other !== words)!;
  const image = recogniseImage(side.layer, IMAGE_ACTIVATIONS, { norms: true, repeats: true });
  const chain = recogniseRecurrent(words.layer);
  if (chain.initial.some((states) => states.length > 0)) {
    throw refused(words.layer, "starts with a state, where the merge decoder starts with zeros");
  }
  if ((side.repeated || image.repeated) && !chain.sequences) {
    throw refused(
      meeting,
      "joins an image that is repeated for each word, but the words' recurrent layer gives one vector",
    );
  }
  const branch = recogniseWords(chain.below, chain);
  if (dense === undefined) {
    throw refused(
      output.layer,
      "stands on image and words directly; the merge decoder has a dense layer with ReLU between",
    );
  }
  checkVocabulary(output, branch.embedding);
  const [l2, penalties] = penalty(image.dense.l2, dense.l2);
  const imageSide: ImageSide = { norms: side.norms, activation: image.activation };
  const folds = folding({ head, image, chain, branch })
    .concat(
      merge === "add" ? addedImage(imageSide) : [
        ...sides[0] === words
          ? [{ kind: "roll" as const, weights: "dense", rows: chain.units }]
          : [],
        ...side.norms.map((norm) => ({
          kind: "before" as const,
          norm,
          weights: "dense",
          rows: "first" as const,
        })),
        ...words.norms.map((norm) => ({
          kind: "before" as const,
          norm,
          weights: "dense",
          rows: "last" as const,
        })),
      ],
    );
  if (merge === "add" && words.norms.length > 0) {
    throw refused(words.norms[0], "normalises the words before they are added to the image");
  }
  return {
    settings: mergeSettings.parse({
      kind: "merge",
      merge,
      ...recurrentSettings(image, chain, branch),
      imageUnits: image.dense.units === chain.units ? null : image.dense.units,
      outputDropout: words.rate,
      dense: dense.units,
      l2,
    }),
    arrays: [
      { layer: image.dense.layer, names: denseNames("image") },
      { layer: branch.embedding.layer, names: ["embedding/embeddings"] },
      ...recurrentArrays(chain),
      { layer: dense.layer, names: denseNames("dense") },
      { layer: output.layer, names: denseNames("output") },
    ],
    folds,
    vocabularySize: branch.embedding.vocabularySize,
    width: image.width,
    longest: branch.embedding.longest,
    image: image.input,
    notes: [
      ...head.notes,
      ...lostDropout("before the last layer but one", head.rate),
      ...lostDropout("after the image's projection", side.rate),
      ...[side, words, image, chain, branch].flatMap(({ notes }) => notes),
      ...penalties,
      ...foldNotes(folds),
    ],
  };
}

/** Normalisations of an image's vector that is added to the words'. */
function addedImage({ norms, activation }: ImageSide) {
  return norms.toReversed().map((norm) => {
    if (activation === "linear") return { kind: "after" as const, norm, weights: "image" };
    if (activation === "relu" && norms.length === 1) {
      return { kind: "after ReLU" as const, norm, weights: "image", reader: "dense" };
    }
    throw refused(norm, `normalises the image after its ${activation}, before the words are added`);
  });
}

/** In Showtell both dense layers have the same penalty. */
function penalty(image: number, dense: number): [l2: number, notes: string[]] {
  if (image === dense) return [image, []];
  return [0, [
    `The L2 penalties of the image's projection (${image}) and of the dense layer (${dense}) are ` +
    "not imported, as they differ: they only matter for further training",
  ]];
}
