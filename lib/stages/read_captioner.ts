import { Captioner } from "../captioner/mod.ts";
import type { Config } from "../config/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { createDecoder } from "../models/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { Run } from "../run/mod.ts";

/**
 * Best checkpoint → captions of features.
 *
 * @param say hears where weights were read from instead of a damaged file
 * @throws {Error} if the run is not trained to its end
 * @throws {RangeError} if the checkpoint does not fit the config
 */
export async function readCaptioner(
  run: Run,
  config: Config,
  { fused }: Pick<Engine, "fused">,
  say?: Listener["say"],
): Promise<Captioner> {
  const { featureShape } = await run.readTraining();
  const tokenizer = await run.readTokenizer();
  const { vocabularySize } = tokenizer;
  const decoder = createDecoder(config.model, { vocabularySize, featureShape }, fused);
  const weights = await run.readWeights(decoder, say);
  return new Captioner({ decoder, weights, tokenizer, featureShape, decoding: config.decoding });
}
