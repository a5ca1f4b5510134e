import type { Config } from "../../lib/config/mod.ts";
import { encoderKeyOf, type Run } from "../../lib/run/mod.ts";
import { exists } from "../../lib/storage/mod.ts";
import type { Tokenizer } from "../../lib/text/mod.ts";
import type { ModelCard } from "./caption_engine.ts";
import { knownWeaknesses } from "./known_weaknesses.ts";

/**
 * A run as its files tell it; whether its training data are still there is left to the caller.
 *
 * @param name under which it is asked for
 */
export async function modelCard(
  run: Run,
  config: Config,
  name: string,
  tokenizer: Tokenizer,
): Promise<ModelCard> {
  const training = await run.readTraining();
  const isImported = await exists(run.paths.imported);
  const history = await run.readHistory();
  const { evaluations } = await run.readEvaluations(config.dataset.kind);
  const trainPhotos = isImported ? undefined : (await run.readSeenPhotos()).count;
  const { mtime } = await Deno.stat(run.paths.training);
  const { beam, lengthNormalisation, maxLength } = config.decoding;
  return {
    name,
    description: config.description,
    date: (mtime ?? new Date(0)).toISOString(),
    dataset: isImported ? "unknown" : config.dataset.kind,
    trainPhotos,
    encoder: config.encoder.kind,
    decoder: config.model.kind,
    parameters: training.parameters,
    vocabulary: tokenizer.vocabularySize - tokenizer.markerIndices.length,
    decoding: { beam, lengthNormalisation, maxLength },
    evaluations,
    history,
    weaknesses: knownWeaknesses({
      isImported,
      dataset: config.dataset,
      trainPhotos,
      isEvaluated: Object.keys(evaluations).length > 0,
      unigramLoss: training.unigramLoss,
      history,
      encoder: config.encoder.kind,
      isEncoderKnown: encoderKeyOf(training) !== null,
    }),
    knowsTraining: false,
    devPhotos: [],
  };
}
