import { type MergeSettings, mergeSettings } from "../../models/mod.ts";
import type { KerasLayer } from "./graph.ts";
import {
  checkLstm,
  type Embedding,
  expectClass,
  onlyInput,
  passDropouts,
  readEmbedding,
  refused,
} from "./layers.ts";
import { recogniseImage } from "./recognise_image.ts";
import { denseNames, type Head, lostDropout, lstmNames, type Recognised } from "./recognised.ts";

/**
 * Recognises the merge decoder, where image and words meet in an Add.
 *
 * @throws {RangeError} naming the layer that does not fit
 */
export function recogniseMerge({ meeting, dense, output, notes }: Head): Recognised {
  const branches = meeting.inputs.map((layer) => passDropouts(layer));
  const words = branches.find(({ layer }) => layer.className === "LSTM");
  if (branches.length !== 2 || words === undefined) {
    throw refused(
      meeting,
      `adds ${
        branches.map(({ layer }) => `"${layer.name}" (${layer.className})`).join(" and ")
      }; ` +
        "the merge decoder adds an image's dense layer and an LSTM of words",
    );
  }
  const side = branches.find((branch) => branch !== words)!;
  const image = recogniseImage(side.layer);
  const { embedding, dropout } = recogniseWords(words.layer);
  if (embedding.vocabularySize !== output.units) throw otherVocabulary(output.layer, embedding);
  const [l2, others] = penalty(image.dense.l2, dense.l2);
  const [padding, assumed] = paddingOf(embedding);
  return {
    settings: mergeSettings.parse({
      kind: "merge",
      embedding: embedding.width,
      units: image.dense.units,
      dense: dense.units,
      imageDropout: image.dropout,
      wordDropout: dropout,
      outputDropout: words.rate,
      l2,
      imageScale: image.scale,
      padding,
    }),
    arrays: [
      { layer: image.dense.layer, names: denseNames("image") },
      { layer: embedding.layer, names: ["embedding/embeddings"] },
      { layer: words.layer, names: lstmNames("lstm") },
      { layer: dense.layer, names: denseNames("dense") },
      { layer: output.layer, names: denseNames("output") },
    ],
    vocabularySize: embedding.vocabularySize,
    width: image.width,
    longest: embedding.longest,
    image: image.input,
    notes: [
      ...notes,
      ...lostDropout("after the image's projection", side.rate),
      ...others,
      ...assumed,
    ],
  };
}

function recogniseWords(lstm: KerasLayer): { embedding: Embedding; dropout: number } {
  expectClass(lstm, "on the words' side there", "LSTM");
  checkLstm(lstm, false);
  const { layer, rate } = passDropouts(onlyInput(lstm));
  return { embedding: readEmbedding(layer, lstm), dropout: rate };
}

/**
 * Padding that the LSTM reads; the file does not say on which side it was.
 *
 * @throws {RangeError} if the file does not say how much there is either
 */
function paddingOf({ layer, masked, longest }: Embedding): [MergeSettings["padding"], string[]] {
  if (masked) return [null, []];
  if (longest === null) {
    throw refused(
      layer,
      "does not mask padding (mask_zero is false) of an input of variable length: how much " +
        "padding the LSTM reads is unknown",
    );
  }
  return [{ positions: longest, side: "front" }, [
    `The embedding "${layer.name}" does not mask padding (mask_zero is false), so that the LSTM ` +
    `reads it: padding is assumed in front, as pad_sequences pads by default; if it was behind, ` +
    `set --model.padding.side=back`,
  ]];
}

/** In Showtell both dense layers have the same penalty. */
function penalty(image: number, dense: number): [l2: number, notes: string[]] {
  if (image === dense) return [image, []];
  return [0, [
    `The L2 penalties of the image's projection (${image}) and of the dense layer (${dense}) are ` +
    "not imported, as they differ: they only matter for further training",
  ]];
}

/** The error for a last layer that does not predict every word of the embedding. */
export function otherVocabulary(output: KerasLayer, embedding: Embedding): RangeError {
  return refused(
    output,
    `predicts ${output.config.units} words, but the embedding "${embedding.layer.name}" has ` +
      `${embedding.vocabularySize}`,
  );
}
