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
 * The merge decoder: image and words meet in an Add.
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
 * Padding that the LSTM reads: on which side it was, the file does not tell.
 *
 * @throws {RangeError} if it does not tell how much there is either
 */
function paddingOf({ layer, masked, longest }: Embedding): [MergeSettings["padding"], string[]] {
  if (masked) return [null, []];
  if (longest === null) {
    throw refused(
      layer,
      "does not mask padding (mask_zero is false) of an input of no fixed length: how much " +
        "padding the LSTM reads cannot be told",
    );
  }
  return [{ positions: longest, side: "front" }, [
    `The embedding "${layer.name}" does not mask padding (mask_zero is false), so that the LSTM ` +
    `reads it: taken for padding in front, as pad_sequences does unless told otherwise; ` +
    `--model.padding.side=back if it was behind`,
  ]];
}

/** Here both dense layers have one penalty. */
function penalty(image: number, dense: number): [l2: number, notes: string[]] {
  if (image === dense) return [image, []];
  return [0, [
    `The L2 penalties of the image's projection (${image}) and of the dense layer (${dense}) are ` +
    "not taken over, as they differ: they matter to further training alone",
  ]];
}

/** The last layer has to tell of every word that the embedding knows. */
export function otherVocabulary(output: KerasLayer, embedding: Embedding): RangeError {
  return refused(
    output,
    `foretells ${output.config.units} words, but the embedding "${embedding.layer.name}" knows ` +
      `${embedding.vocabularySize}`,
  );
}
