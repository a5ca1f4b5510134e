import type { ModelSettings } from "../../models/mod.ts";
import { LayerStack } from "./layer_stack.ts";
import { recurrentNames } from "./recognised.ts";
import { recurrentName } from "./recurrent_name.ts";

/** Settings of the decoders whose recurrent layers read one word after the other. */
export type RecurrentDecoder = Extract<
  ModelSettings,
  { kind: "merge" | "par_inject" | "init_inject" }
>;

/** What their layers are built on. */
interface Below {
  /** Name of the image's projection. */
  image: string;
  /** Name of the embedded words. */
  embedded: string;
  /** Name of the words input. */
  words: string;
  /** Words that a prefix is padded to; null for any number, unpadded. */
  length: number | null;
}

/**
 * Adds a decoder's layers between the image's projection and the embedded words on one side and the
 * dense layers on the other.
 *
 * @returns name of the last
 * @throws {RangeError} if an image is read at every step of any number of words
 */
export function recurrentDecoderLayers(
  layers: LayerStack,
  settings: RecurrentDecoder,
  { image, embedded, words, length }: Below,
): string {
  const { kind, outputDropout } = settings;
  const masked = length !== null && settings.padding === null;
  // In Keras 3 the embedding's mask is lost where an image comes in: it is given by name.
  const mask = masked && kind !== "merge" ? layers.mask("words_mask", words) : undefined;
  if (kind === "par_inject") {
    if (length === null) {
      throw new RangeError("Keras repeats an image for a fixed number of words alone");
    }
    const [, width] = layers.shape(image);
    const repeated = layers.on(image, "image_steps", "RepeatVector", { n: length }, [
      null,
      length,
      width,
    ]);
    embedded = layers.concatenate("joined", repeated, embedded);
  }
  const states = kind === "init_inject" ? initialStates(layers, settings, image) : [];
  let read = embedded;
  for (let i = 0; i < settings.layers; i++) {
    if (i > 0) read = layers.dropout(`layer_dropout_${i}`, settings.layerDropout, read);
    const starts = i === 0 || kind === "init_inject" && settings.injectInto === "all";
    read = recurrent(layers, settings, i, read, starts ? states : [], mask);
  }
  read = layers.dropout("output_dropout", outputDropout, read);
  if (kind !== "merge") return read;
  if (settings.merge === "concatenate") return layers.concatenate("merge", image, read);
  const shape = layers.shape(read);
  return layers.add({ name: "merge", className: "Add", config: {}, inputs: [image, read], shape });
}

function initialStates(
  layers: LayerStack,
  { cell, initialOutput }: RecurrentDecoder & { kind: "init_inject" },
  image: string,
): string[] {
  const output = initialOutput === "tanh"
    ? layers.on(image, "image_tanh", "Activation", { activation: "tanh" })
    : image;
  return cell === "lstm" ? [output, image] : [output];
}

function recurrent(
  layers: LayerStack,
  { cell, layers: count, units, recurrentActivation, resetAfter }: RecurrentDecoder,
  index: number,
  input: string,
  states: string[],
  mask: string | undefined,
): string {
  const name = recurrentName(cell, index);
  const sequences = index < count - 1;
  const [, steps] = layers.shape(input);
  return layers.add({
    name,
    className: cell === "lstm" ? "LSTM" : "GRU",
    config: {
      units,
      activation: "tanh",
      recurrent_activation: recurrentActivation,
      use_bias: true,
      return_sequences: sequences,
      ...cell === "gru" ? { reset_after: resetAfter } : {},
    },
    inputs: [input],
    states,
    mask,
    shape: sequences ? [null, steps, units] : [null, units],
    weights: recurrentNames(name),
  });
}
