import type { DecoderInputs } from "../../models/mod.ts";
import { kerasOrder } from "../../keras/mod.ts";
import type { KerasDecoder } from "./keras_decoder.ts";
import type { ModelSpec } from "./layer_specs.ts";
import { LayerStack } from "./layer_stack.ts";
import { recurrentDecoderLayers } from "./recurrent_decoder_layers.ts";

/** The words input of a decoder. */
export interface WordsInput {
  /** Positions that every prefix is padded to with zeros; null for any number of words unpadded. */
  length: number | null;
  /** Whether photos' vectors are already scaled, if the settings scale them. @default {false} */
  scaled?: boolean;
}

/**
 * A decoder as Keras' own layers: photo's feature and words so far → probabilities of the next word.
 *
 * With any number of words, a softmax over a fixed number of positions takes a third input: zeros
 * [batch, positions − words, 2 × units].
 *
 * @throws {RangeError} if Keras' layers cannot express the decoder, or the words input's length
 * differs from the positions of the softmax or from the padded positions that the LSTM reads
 */
export function decoderLayers(
  settings: KerasDecoder,
  inputs: DecoderInputs,
  words: WordsInput,
): ModelSpec {
  const positions = "padding" in settings ? settings.padding?.positions : undefined;
  if (positions !== undefined && words.length !== positions) {
    throw new RangeError(
      `The decoder reads the padding of its ${positions} positions (model.padding), which a model of ` +
        `${words.length ?? "any number of"} words cannot do: export it to Keras`,
    );
  }
  const layers = new LayerStack();
  const [width] = inputs.featureShape;
  const image = imageLayers(layers, settings, width, words.scaled ?? false);
  const masked = words.length !== null && positions === undefined;
  const embedded = wordLayers(layers, settings, inputs.vocabularySize, words.length, masked);
  let met = settings.kind === "bilstm_dot"
    ? attentionLayers(layers, settings, image, embedded, words.length)
    : recurrentDecoderLayers(layers, settings, {
      image,
      embedded,
      words: "words",
      length: words.length,
    });
  const isTied = "tiedOutput" in settings && settings.tiedOutput;
  if (isTied) met = layers.dense("dense", settings.embedding, "linear", met);
  else if (settings.dense !== null) {
    met = layers.dense("dense", settings.dense, "relu", met, penaltyOf(settings));
  }
  const output = layers.dense("output", inputs.vocabularySize, "softmax", met);
  if (isTied) layers.all.at(-1)!.weights = ["output/bias"];
  const named = ["image_features", "words", "padding"].filter((name) => layers.has(name));
  const ordered = kerasOrder(
    layers.all.map((layer) => ({
      name: layer.name,
      layer,
      inputs: [...layer.inputs, ...layer.states ?? [], ...layer.mask ? [layer.mask] : []],
    })),
    output,
  );
  return { name: "decoder", layers: ordered.map(({ layer }) => layer), inputs: named, output };
}

function imageLayers(
  layers: LayerStack,
  settings: KerasDecoder,
  width: number,
  scaled: boolean,
): string {
  const { imageScale, imageDropout, units } = settings;
  let image = layers.input("image_features", width);
  if (imageScale !== "none" && !scaled) {
    image = layers.on(image, "image_length", "UnitNormalization", { axis: -1 });
    if (imageScale === "meanSquare") {
      image = layers.on(image, "image_scale", "Rescaling", { scale: Math.sqrt(width), offset: 0 });
    }
  }
  image = layers.dropout("image_dropout", imageDropout, image);
  const activation = "imageActivation" in settings ? settings.imageActivation : "relu";
  const vector = "imageUnits" in settings ? settings.imageUnits ?? units : units;
  return layers.dense("image", vector, activation, image, penaltyOf(settings));
}

function penaltyOf(settings: KerasDecoder): number {
  return settings.kind === "merge" ? settings.l2 : 0;
}

function wordLayers(
  layers: LayerStack,
  settings: KerasDecoder,
  vocabularySize: number,
  length: number | null,
  masked: boolean,
): string {
  const { embedding, wordDropout } = settings;
  const trainable = !("trainEmbedding" in settings) || settings.trainEmbedding;
  const embedded = layers.add({
    name: "embedding",
    className: "Embedding",
    config: {
      input_dim: vocabularySize,
      output_dim: embedding,
      mask_zero: masked,
      ...trainable ? {} : { trainable },
    },
    inputs: [layers.input("words", length)],
    shape: [null, length, embedding],
    weights: ["embedding/embeddings"],
  });
  return layers.dropout("word_dropout", wordDropout, embedded);
}

function attentionLayers(
  layers: LayerStack,
  settings: KerasDecoder & { kind: "bilstm_dot" },
  image: string,
  embedded: string,
  length: number | null,
): string {
  const { units, imageSteps: steps, attention, softmaxOver, pooling } = settings;
  const repeatedShape = [null, steps, units];
  const repeated = layers.on(image, "image_steps", "RepeatVector", { n: steps }, repeatedShape);
  const queries = layers.bidirectional("image_lstm", units, steps, repeated);
  const states = layers.bidirectional("words_lstm", units, length, embedded);
  const attended = attention === "sum"
    ? plainSum(layers, queries, states)
    : softmaxOver === null
    ? ownAttention(layers, queries, states)
    : paddedAttention(layers, queries, states, softmaxOver);
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

/**
 * The sum of the words' states at every image step, made of Keras' own layers and masks: weights are a
 * softmax over the image steps, which sums to one for each word.
 */
function plainSum(layers: LayerStack, queries: string, states: string): string {
  const [, steps, width] = layers.shape(queries);
  const [, positions] = layers.shape(states);
  const scores = layers.dot("scores", [2, 2], [null, positions, steps], states, queries);
  const weights = layers.on(scores, "attention", "Softmax", { axis: -1 });
  return layers.dot("attended", [1, 1], [null, steps, width], weights, states);
}

/** Attention over the words only. Where they are padded, Keras' Attention leaves out masked ones. */
function ownAttention(layers: LayerStack, queries: string, states: string): string {
  const shape = layers.shape(queries);
  if (layers.shape(states)[1] === null) return softmaxAttention(layers, queries, states);
  return layers.add({
    name: "attention",
    className: "Attention",
    config: { use_scale: false, dropout: 0 },
    inputs: [queries, states],
    shape,
  });
}

/** Over a fixed number of positions; empty ones are zeros: the padding's states, or an input. */
function paddedAttention(
  layers: LayerStack,
  queries: string,
  states: string,
  softmaxOver: number,
): string {
  const [, length, width] = layers.shape(states);
  if (length !== null && length !== softmaxOver) {
    throw new RangeError(
      `The softmax runs over ${softmaxOver} positions (model.softmaxOver), so the words input ` +
        `must have as many, not ${length}`,
    );
  }
  if (length !== null) return softmaxAttention(layers, queries, states);
  const padded = layers.add({
    name: "places",
    className: "Concatenate",
    config: { axis: 1 },
    inputs: [states, layers.input("padding", null, width)],
    shape: [null, null, width],
  });
  return softmaxAttention(layers, queries, padded);
}

function softmaxAttention(layers: LayerStack, queries: string, states: string): string {
  const [, steps] = layers.shape(queries);
  const [, positions] = layers.shape(states);
  const scores = layers.dot("scores", [2, 2], [null, steps, positions], queries, states);
  const weights = layers.on(scores, "attention", "Softmax", { axis: -1 });
  return layers.dot("attended", [2, 1], layers.shape(queries), weights, states);
}
