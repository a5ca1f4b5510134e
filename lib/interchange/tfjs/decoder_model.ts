import * as tf from "@tensorflow/tfjs";
import type { DecoderInputs, ModelSettings } from "../../models/mod.ts";
import type { Weights } from "../../nn/mod.ts";
import { decoderLayers } from "../keras/decoder_layers.ts";
import { asKerasDecoder } from "../keras/keras_decoder.ts";
import type { ModelSpec } from "../keras/layer_specs.ts";
import { keras2Config } from "../keras/serialise.ts";

type ModelJson = Parameters<typeof tf.models.modelFromJSON>[0];

/** Whether TF.js' own layers can express a decoder with these settings. */
export function fitsLayersModel(settings: ModelSettings): boolean {
  if (settings.kind === "bilstm_dot") return true;
  if (settings.kind !== "merge") return false;
  const { padding, cell, layers, recurrentActivation, merge, imageActivation } = settings;
  return padding === null && cell === "lstm" && layers === 1 && recurrentActivation === "sigmoid" &&
    merge === "add" && imageActivation === "relu";
}

/**
 * A decoder as a TF.js layers model: photo's feature (already scaled, if the settings scale it) and
 * the words so far → probabilities of the next word. Words are not padded: TF.js' bidirectional
 * layers do not support masks.
 *
 * @throws {RangeError} if a weight is missing, or {@linkcode fitsLayersModel} is false for the
 * settings
 */
export async function decoderModel(
  settings: ModelSettings,
  inputs: DecoderInputs,
  weights: Weights,
): Promise<tf.LayersModel> {
  const model = asKerasDecoder(settings);
  const spec = startingWithZeros(decoderLayers(model, inputs, { length: null, scaled: true }));
  const layers = await tf.models.modelFromJSON(keras2Config(spec) as ModelJson);
  for (const { name, weights: names } of spec.layers) {
    if (names.length === 0) continue;
    const tensors = names.map((weight) => {
      const found = weights.get(weight);
      if (found === undefined) throw new RangeError(`The decoder has no weight named "${weight}"`);
      return tf.tensor(found.data, found.shape, "float32");
    });
    layers.getLayer(name).setWeights(tensors);
    tf.dispose(tensors);
  }
  return layers;
}

/** The weights are set later; initialising one orthogonal matrix of 256 × 1024 takes half a minute. */
function startingWithZeros(spec: ModelSpec): ModelSpec {
  const zeros = { class_name: "Zeros", config: {} };
  const initializers: Record<string, Record<string, unknown>> = {
    Dense: { kernel_initializer: zeros },
    Embedding: { embeddings_initializer: zeros },
    LSTM: { kernel_initializer: zeros, recurrent_initializer: zeros },
  };
  const layers = spec.layers.map((layer) => {
    const config = { ...layer.config, ...initializers[layer.className] };
    const inner = config.layer as { config: Record<string, unknown> } | undefined;
    if (inner === undefined) return { ...layer, config };
    const cell = { ...inner, config: { ...inner.config, ...initializers.LSTM } };
    return { ...layer, config: { ...config, layer: cell } };
  });
  return { ...spec, layers };
}
