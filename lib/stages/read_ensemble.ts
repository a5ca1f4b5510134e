import { Captioner } from "../captioner/mod.ts";
import type { DecodingSettings } from "../decoding/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { type EnsembleMember, ensembleOf } from "../models/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { RunEnsemble } from "../run/mod.ts";
import { type Tokenizer, tokenizerToJson } from "../text/mod.ts";
import { readFiles } from "./read_captioner.ts";

/** What an ensemble is opened with. */
export interface EnsembleOptions extends Pick<Listener, "say"> {
  /** What captions are made on. */
  engine: Pick<Engine, "fused">;
  /** How captions are decoded by default. */
  decoding: DecodingSettings;
  /** Which features each run reads, from 0; several may read the same. */
  inputs: readonly number[];
}

/**
 * Best checkpoints of several runs → captions of their features side by side, by the mean of their
 * next-word probabilities.
 *
 * @throws {RangeError} naming two runs whose words are not the same
 * @throws {Error} if one is not trained to its end
 */
export async function readEnsemble(
  { runs }: RunEnsemble,
  { engine: { fused }, decoding, inputs, say }: EnsembleOptions,
): Promise<Captioner> {
  const members: EnsembleMember[] = [];
  const tokenizers: Tokenizer[] = [];
  for (const [i, run] of runs.entries()) {
    const config = await run.readConfig();
    const { featureShape, tokenizer, weights, createDecoder } = await readFiles(run, config, say);
    tokenizers.push(tokenizer);
    checkSameWords(runs[0].folder, tokenizers[0], run.folder, tokenizer);
    members.push({ decoder: createDecoder(fused), weights, featureShape, input: inputs[i] });
  }
  return new Captioner({ ...ensembleOf(members), tokenizer: tokenizers[0], decoding });
}

function checkSameWords(first: string, one: Tokenizer, second: string, other: Tokenizer): void {
  const indices = Math.max(one.vocabularySize, other.vocabularySize);
  for (let index = 0; index < indices; index++) {
    const [a, b] = [one, other].map((tokenizer) => wordAt(tokenizer, index));
    if (a === b) continue;
    throw new RangeError(
      `${first} and ${second} cannot be an ensemble, as their words differ: index ${index} is ${a} in ` +
        `the one and ${b} in the other; train them with the same captions and text settings`,
    );
  }
  if (tokenizerToJson(one) === tokenizerToJson(other)) return;
  throw new RangeError(
    `${first} and ${second} cannot be an ensemble, as their tokenizers differ: train them with the ` +
      "same captions and text settings",
  );
}

function wordAt(tokenizer: Tokenizer, index: number): string {
  if (index >= tokenizer.vocabularySize) return "none";
  if (tokenizer.markerIndices.includes(index)) return "a marker";
  return `"${tokenizer.decode([index]).join(" ")}"`;
}
