import type { AttentionSettings, DecoderInputs } from "../models/mod.ts";
import type { LayerSpec } from "./keras/layer_specs.ts";
import { LayerStack } from "./keras/layer_stack.ts";

/** The attention decoder's layers, to be shown: its LSTM is none of Keras' own. */
export function attentionLayers(
  settings: AttentionSettings,
  { vocabularySize, featureShape: [rows, columns, channels] }: DecoderInputs,
  words: number,
): LayerSpec[] {
  const { embedding, units, regionUnits, adaptive, tiedOutput } = settings;
  const layers = new LayerStack();
  const regions = [null, rows * columns, regionUnits];
  const grid = layers.input("image_features", rows, columns, channels);
  const image = layers.on(grid, "image", "Dense", { activation: "relu" }, regions);
  own(layers, image, ["kernel", "bias"]);
  const norm = layers.on(image, "norm", "LayerNormalization", {}, regions);
  own(layers, norm, ["gamma", "beta"]);
  const dropped = layers.dropout("image_dropout", settings.imageDropout, norm);
  const mean = layers.on(dropped, "mean", "GlobalAveragePooling1D", {}, [null, regionUnits]);
  const initial = layers.dense("initial", 2 * units, "tanh", mean);
  const embedded = layers.add({
    name: "embedding",
    className: "Embedding",
    config: {},
    inputs: [layers.input("words", words)],
    shape: [null, words, embedding],
    weights: ["embedding/embeddings"],
  });
  const parts = ["kernel", "recurrent_kernel", "bias", "context_kernel", "key_kernel"];
  const lstm = layers.add({
    name: "attention_lstm",
    className: "AttentionLSTM",
    config: {},
    inputs: [layers.dropout("word_dropout", settings.wordDropout, embedded), dropped],
    states: [initial],
    shape: [null, units + regionUnits],
    weights: [...parts, "value_kernel", ...adaptive ? ["sentinel_kernel"] : []]
      .map((part) => `attention_lstm/${part}`),
  });
  const read = layers.dropout("output_dropout", settings.outputDropout, lstm);
  const hidden = layers.dense("hidden", embedding, "linear", read);
  const output = layers.dense("output", vocabularySize, "softmax", hidden);
  if (tiedOutput) own(layers, output, ["bias"]);
  return layers.all;
}

/** Says what the layer of this name learns. */
function own(layers: LayerStack, name: string, parts: string[]): void {
  layers.all.find((layer) => layer.name === name)!.weights = parts.map((part) => `${name}/${part}`);
}
