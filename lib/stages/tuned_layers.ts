import type { Config, ConfigEncoder, NetworkEncoder } from "../config/mod.ts";
import { architectures, type TrainableCut, TrainableLayers } from "../encoders/mod.ts";
import { createDecoder, type Decoder, type DecoderInputs, tunedDecoder } from "../models/mod.ts";
import type { FusedOps } from "../nn/mod.ts";

/** Which last layers of an encoder are trained with the decoder. */
export interface TunedCut extends TrainableCut {
  /** Of the network. */
  kind: string;
  /** Adam's step size for them; 0: they stay as they are. */
  learningRate: number;
}

/** What `encoder.fineTune` asks for; undefined where it is absent. */
export function tunedCut(encoder: ConfigEncoder): TunedCut | undefined {
  if (!("fineTune" in encoder) || encoder.fineTune === undefined) return undefined;
  const { kind, layer, imageSize, fineTune } = encoder;
  return { kind, layer, imageSize, ...fineTune };
}

/** The whole encoder, with no layer apart from the others. */
export function untuned(encoder: ConfigEncoder): ConfigEncoder {
  if (!("fineTune" in encoder)) return encoder;
  const { fineTune: _, ...whole } = encoder;
  return whole as NetworkEncoder;
}

/**
 * The layers that `encoder.fineTune` trains; undefined where it is absent. No engine is needed.
 *
 * @throws {RangeError} if they cannot be trained
 */
export function tunedLayers(encoder: ConfigEncoder): TrainableLayers | undefined {
  const cut = tunedCut(encoder);
  return cut && new TrainableLayers(architectures[cut.kind], cut);
}

/**
 * The decoder of a run: with the last layers of its encoder, where these are trained with it.
 *
 * @param inputs the feature's shape is that of what is cached of a photo
 * @throws {RangeError} if it cannot take features of that shape
 */
export function runDecoder(
  { encoder, model }: Pick<Config, "encoder" | "model">,
  inputs: DecoderInputs,
  fused?: FusedOps,
): Decoder {
  const layers = tunedLayers(encoder);
  if (layers === undefined) return createDecoder(model, inputs, fused);
  const featureShape = [...layers.outputShape];
  const decoder = createDecoder(model, { ...inputs, featureShape }, fused);
  return tunedDecoder(decoder, layers, tunedCut(encoder)!.learningRate > 0);
}

/** What the learning rate is multiplied by for the layers of an encoder; undefined without them. */
export function rateFactors(
  { encoder, training }: Pick<Config, "encoder" | "training">,
): ReadonlyMap<string, number> | undefined {
  const layers = tunedLayers(encoder);
  if (layers === undefined) return undefined;
  const factor = tunedCut(encoder)!.learningRate / training.learningRate;
  return new Map([...layers.weightShapes.keys()].map((name) => [name, factor]));
}
