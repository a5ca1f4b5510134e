import { recurrentName } from "./recurrent_name.ts";
import { type Dense, type Embedding } from "./layers.ts";
import { refused } from "./refused.ts";
import type { ImageBranch } from "./recognise_image.ts";
import type { RecurrentChain } from "./recognise_recurrent.ts";
import type { WordsBranch } from "./recognise_words.ts";
import { type Recognised, recurrentNames } from "./recognised.ts";

/** The settings that all decoders with recurrent layers have. */
export function recurrentSettings(
  image: ImageBranch,
  chain: RecurrentChain,
  branch: WordsBranch,
) {
  const { cell, units, recurrentActivation, resetAfter, layerDropout, layers } = chain;
  return {
    embedding: branch.embedding.width,
    trainEmbedding: branch.embedding.layer.config.trainable !== false,
    cell,
    layers: layers.length,
    units,
    recurrentActivation,
    resetAfter,
    layerDropout,
    imageDropout: image.dropout,
    wordDropout: branch.dropout,
    imageScale: image.scale,
    imageActivation: image.activation,
    padding: branch.padding,
  };
}

/** The weights of recurrent layers: `lstm/kernel`, …, of the second `lstm_2/kernel`. */
export function recurrentArrays({ cell, layers }: RecurrentChain): Recognised["arrays"] {
  return layers.map((layer, i) => ({ layer, names: recurrentNames(recurrentName(cell, i)) }));
}

/** @throws {RangeError} if the last layer does not predict every word of the embedding */
export function checkVocabulary(output: Dense, embedding: Embedding): void {
  if (embedding.vocabularySize === output.units) return;
  throw refused(
    output.layer,
    `predicts ${output.units} words, but the embedding "${embedding.layer.name}" has ` +
      `${embedding.vocabularySize}`,
  );
}
