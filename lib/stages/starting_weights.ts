import { readWordVectors } from "../interchange/mod.ts";
import type { Decoder } from "../models/mod.ts";
import type { Weights } from "../nn/mod.ts";
import { Run } from "../run/mod.ts";
import { counted, type Tokenizer } from "../text/mod.ts";
import type { Experiment } from "./experiment.ts";
import { tunedCut } from "./tuned_layers.ts";
import { tunedStart } from "./tuned_start.ts";

/** The weight that word vectors are put into. */
const EMBEDDING = "embedding/embeddings";

/**
 * What training starts from where it resumes nothing: the weights of another run, or the decoder's
 * initial ones with word vectors from a file in its embedding; undefined where the config asks for
 * neither.
 *
 * @throws {Error} if the file has a vector of no word, the run cannot be read, or an encoder whose layers
 * are trained is not the run's
 * @throws {SyntaxError} if the file is no text of word vectors
 * @throws {RangeError} if its vectors are not as wide as the embedding
 */
export async function startingWeights(
  experiment: Pick<Experiment, "config" | "say" | "onProgress">,
  { decoder, tokenizer, encoderKey }: {
    decoder: Decoder;
    tokenizer: Tokenizer;
    /** Of the features that are trained on. */
    encoderKey: string;
  },
): Promise<Weights | undefined> {
  const { config: { training, encoder }, say } = experiment;
  const { from, wordVectors: path, seed } = training;
  if (from !== undefined && tunedCut(encoder) !== undefined) {
    const { vocabularySize } = tokenizer;
    return await tunedStart(experiment, new Run(from), { decoder, vocabularySize, encoderKey });
  }
  if (from !== undefined) return await new Run(from).readWeights(decoder, say);
  if (path === undefined) return undefined;
  const weights = decoder.initialWeights(seed);
  const embedding = weights.get(EMBEDDING);
  if (embedding === undefined) {
    throw new RangeError(
      `training.wordVectors is set, but the decoder ${decoder.kind} has no embedding of its own: ` +
        "leave it out",
    );
  }
  const width = embedding.shape[1];
  const rowOf = new Map<string, number>();
  for (const [index, { word }] of tokenizer.words.entries()) {
    const isMarker = index === 0 || tokenizer.markerIndices.includes(index);
    if (!isMarker) rowOf.set(word, index);
  }
  const { vectors, words } = await readWordVectors(path, new Set(rowOf.keys()), width);
  for (const [word, vector] of vectors) embedding.data.set(vector, rowOf.get(word)! * width);
  const missing = [...rowOf.keys()].filter((word) => !vectors.has(word));
  if (vectors.size === 0) {
    throw new Error(
      `${path} has none of the ${counted(rowOf.size, "word")} of the vocabulary (such as ` +
        `"${missing[0]}"): take a file of their language, in lower case as text makes them`,
    );
  }
  say(
    `Word vectors of ${counted(vectors.size, "word")} are from ${path}, which has ` +
      `${counted(words, "word")}` +
      (missing.length === 0 ? "" : `; ${missing.length} that it lacks ` +
        `(such as "${missing.slice(0, 3).join('", "')}") and the markers start at random`),
  );
  return weights;
}
