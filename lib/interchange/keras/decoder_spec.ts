import type { DecoderInputs, ModelSettings } from "../../models/mod.ts";
import { kerasOrder, type LayerSpec, type ModelSpec } from "./layer_specs.ts";
import { denseNames, lstmNames } from "./recognised.ts";

/** How a decoder's words come in. */
export interface WordsInput {
  /** Places that every prefix is padded to with zeros; null: any number of words, no padding. */
  length: number | null;
  /** Whether a photo's vector is scaled before it comes in, if the settings scale it. */
  scaled?: boolean;
}

/**
 * A decoder as Keras' own layers: photo's feature and words so far → probabilities of the next word.
 *
 * With words of any number, a softmax over a fixed number of places takes a third input: zeros
 * [batch, places − words, 2 × units].
 *
 * @throws {RangeError} if the words input is shorter or longer than the places of the softmax
 */
export function decoderSpec(
  settings: ModelSettings,
  inputs: DecoderInputs,
  words: WordsInput,
): ModelSpec {
  const layers = new Layers();
  const [width] = inputs.featureShape;
  const image = imageLayers(layers, settings, width, words.scaled ?? false);
  const embedded = wordLayers(layers, settings, inputs.vocabularySize, words.length);
  const met = settings.kind === "merge"
    ? mergeLayers(layers, settings, image, embedded)
    : attentionLayers(layers, settings, image, embedded, words.length);
  layers.dense("dense", settings.dense, "relu", met);
  const output = layers.dense("output", inputs.vocabularySize, "softmax", "dense");
  const named = ["image_features", "words", "padding"].filter((name) => layers.has(name));
  return { name: "decoder", layers: kerasOrder(layers.all, output), inputs: named, output };
}

/** Layers put one on another; each method gives the name of the layer that it adds. */
class Layers {
  readonly all: LayerSpec[] = [];

  has(name: string): boolean {
    return this.all.some((layer) => layer.name === name);
  }

  shape(name: string): (number | null)[] {
    return this.all.find((layer) => layer.name === name)!.shape;
  }

  add(spec: Omit<LayerSpec, "weights"> & { weights?: string[] }): string {
    this.all.push({ weights: [], ...spec });
    return spec.name;
  }

  input(name: string, ...shape: (number | null)[]): string {
    const config = { batch_shape: [null, ...shape] };
    return this.add({ name, className: "InputLayer", config, inputs: [], shape: [null, ...shape] });
  }

  dense(name: string, units: number, activation: string, input: string): string {
    return this.add({
      name,
      className: "Dense",
      config: { units, activation, use_bias: true },
      inputs: [input],
      shape: [null, units],
      weights: denseNames(name),
    });
  }

  /** None at all where the rate is 0. */
  dropout(name: string, rate: number, input: string): string {
    if (rate === 0) return input;
    const shape = this.shape(input);
    return this.add({ name, className: "Dropout", config: { rate }, inputs: [input], shape });
  }

  /** @param steps that the output has */
  bidirectional(name: string, units: number, steps: number | null, input: string): string {
    const layer = {
      module: "keras.layers",
      class_name: "LSTM",
      config: { name: `${name}_cell`, ...lstmConfig(units, true) },
      registered_name: null,
    };
    const side = name.replace("_lstm", "");
    return this.add({
      name,
      className: "Bidirectional",
      config: { merge_mode: "concat", layer },
      inputs: [input],
      shape: [null, steps, 2 * units],
      weights: [...lstmNames(`${side}_forward`), ...lstmNames(`${side}_backward`)],
    });
  }

  dot(name: string, axes: [number, number], shape: (number | null)[], ...inputs: string[]): string {
    return this.add({ name, className: "Dot", config: { axes, normalize: false }, inputs, shape });
  }

  /** A layer that has one input and changes no shape, unless a shape is given. */
  on(
    input: string,
    name: string,
    className: string,
    config: Record<string, unknown> = {},
    shape: (number | null)[] = this.shape(input),
  ): string {
    return this.add({ name, className, config, inputs: [input], shape });
  }
}

function lstmConfig(units: number, sequences: boolean): Record<string, unknown> {
  return {
    units,
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    return_sequences: sequences,
  };
}

function imageLayers(
  layers: Layers,
  { imageScale, imageDropout, units }: ModelSettings,
  width: number,
  scaled: boolean,
): string {
  let image = layers.input("image_features", width);
  if (imageScale !== "none" && !scaled) {
    image = layers.on(image, "image_length", "UnitNormalization", { axis: -1 });
    if (imageScale === "meanSquare") {
      image = layers.on(image, "image_scale", "Rescaling", { scale: Math.sqrt(width), offset: 0 });
    }
  }
  return layers.dense("image", units, "relu", layers.dropout("image_dropout", imageDropout, image));
}

function wordLayers(
  layers: Layers,
  { embedding, wordDropout }: ModelSettings,
  vocabularySize: number,
  length: number | null,
): string {
  const embedded = layers.add({
    name: "embedding",
    className: "Embedding",
    config: { input_dim: vocabularySize, output_dim: embedding, mask_zero: length !== null },
    inputs: [layers.input("words", length)],
    shape: [null, length, embedding],
    weights: ["embedding/embeddings"],
  });
  return layers.dropout("word_dropout", wordDropout, embedded);
}

function mergeLayers(
  layers: Layers,
  { units, outputDropout }: ModelSettings & { kind: "merge" },
  image: string,
  embedded: string,
): string {
  const lstm = layers.add({
    name: "lstm",
    className: "LSTM",
    config: lstmConfig(units, false),
    inputs: [embedded],
    shape: [null, units],
    weights: lstmNames("lstm"),
  });
  const words = layers.dropout("output_dropout", outputDropout, lstm);
  const config = {};
  return layers.add({
    name: "merge",
    className: "Add",
    config,
    inputs: [image, words],
    shape: [null, units],
  });
}

function attentionLayers(
  layers: Layers,
  settings: ModelSettings & { kind: "bilstm_dot" },
  image: string,
  embedded: string,
  length: number | null,
): string {
  const { units, attention, softmaxOver, pooling } = settings;
  const steps = attention === "sum" && length !== null ? length : settings.imageSteps;
  const weightedOver = attention === "weighted" ? softmaxOver : null;
  if (weightedOver !== null && length !== null && length !== weightedOver) {
    throw new RangeError(
      `The softmax runs over ${weightedOver} places (model.softmaxOver), so the words input ` +
        `has as many, not ${length}`,
    );
  }
  const repeated = layers.on(image, "image_steps", "RepeatVector", { n: steps }, [
    null,
    steps,
    units,
  ]);
  const queries = layers.bidirectional("image_lstm", units, steps, repeated);
  let states = layers.bidirectional("words_lstm", units, length, embedded);
  if (weightedOver !== null && length === null) {
    states = layers.add({
      name: "places",
      className: "Concatenate",
      config: { axis: 1 },
      inputs: [states, layers.input("padding", null, 2 * units)],
      shape: [null, null, 2 * units],
    });
  }
  const places = layers.shape(states)[1];
  const context = [null, steps, 2 * units];
  let attended: string;
  if (attention === "weighted" && softmaxOver === null && length !== null) {
    attended = layers.add({
      name: "attention",
      className: "Attention",
      config: { use_scale: false, dropout: 0 },
      inputs: [queries, states],
      shape: context,
    });
  } else {
    const scores = layers.dot("scores", [2, 2], [null, steps, places], queries, states);
    const weights = layers.on(scores, "attention", "Softmax", { axis: -1 });
    attended = attention === "weighted"
      ? layers.dot("attended", [2, 1], context, weights, states)
      : layers.dot("attended", [1, 1], [null, places, 2 * units], weights, states);
  }
  let pooled = layers.on(attended, "context", "GlobalAveragePooling1D", {}, [null, 2 * units]);
  if (pooling === "sum") {
    pooled = layers.on(pooled, "context_sum", "Rescaling", { scale: steps, offset: 0 });
  }
  return layers.add({
    name: "joined",
    className: "Concatenate",
    config: { axis: -1 },
    inputs: [pooled, image],
    shape: [null, 3 * units],
  });
}
