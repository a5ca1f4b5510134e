import { networkOf } from "../config/mod.ts";
import { loadNetwork } from "../encoders/mod.ts";
import { createDecoder, type Decoder } from "../models/mod.ts";
import type { Weights } from "../nn/mod.ts";
import type { Run } from "../run/mod.ts";
import { checkEncoder } from "./check_encoder.ts";
import type { Experiment } from "./experiment.ts";
import { inTrainedArithmetic } from "./trained_arithmetic.ts";
import { tunedCut, tunedLayers, untuned } from "./tuned_layers.ts";

/**
 * Weights of a decoder and of the last layers of its encoder: a run's, and the encoder's own, or the
 * run's too where these were trained in it.
 *
 * @param from checked by `checkTunedStart`
 * @throws {Error} if the encoder is not that of the run
 */
export async function tunedStart(
  { config: { encoder, model }, say, onProgress }: Pick<
    Experiment,
    "config" | "say" | "onProgress"
  >,
  from: Run,
  { decoder, vocabularySize, encoderKey }: {
    /** With the layers. */
    decoder: Decoder;
    vocabularySize: number;
    /** Of the features that are trained on. */
    encoderKey: string;
  },
): Promise<Weights> {
  const before = await from.readTraining();
  const whole = networkOf(inTrainedArithmetic(untuned(encoder), before));
  if (tunedCut((await from.readConfig()).encoder) !== undefined) {
    checkEncoder({ key: encoderKey }, whole, before, { say });
    return await from.readWeights(decoder, say);
  }
  const layers = tunedLayers(encoder)!;
  const featureShape = [...layers.outputShape];
  const own = await from.readWeights(createDecoder(model, { vocabularySize, featureShape }), say);
  const network = await loadNetwork(whole, { say, onProgress });
  try {
    checkEncoder(network, whole, before, { say });
    return new Map([...layers.weightsOf(network.model), ...own]);
  } finally {
    network.model.dispose();
  }
}
