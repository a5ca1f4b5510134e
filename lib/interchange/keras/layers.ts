import { shorten } from "../../text/mod.ts";
import type { KerasLayer } from "./graph.ts";
import { refused } from "./refused.ts";
import { readMask } from "./read_mask.ts";

/**
 * The only input of a layer.
 *
 * @throws {RangeError} if it has several inputs, or none
 */
export function onlyInput(layer: KerasLayer): KerasLayer {
  if (layer.inputs.length === 1) return layer.inputs[0];
  throw refused(layer, `takes ${layer.inputs.length} inputs where one is expected`);
}

/** @throws {RangeError} naming the layer if its class is none of these */
export function expectClass(layer: KerasLayer, place: string, ...classes: string[]): void {
  if (!classes.includes(layer.className)) {
    throw refused(layer, `does not fit: ${place} should be ${classes.join(" or ")}`);
  }
}

/** @throws {RangeError} naming the layer if a setting's value is not allowed */
export function expectSetting(layer: KerasLayer, key: string, ...allowed: unknown[]): void {
  const value = settingOf(layer, key) ?? null;
  if (allowed.includes(value)) return;
  const wanted = allowed.map((option) => JSON.stringify(option)).join(" or ");
  throw refused(layer, `has ${key} ${shown(value)}; only ${wanted} can be imported`);
}

/** A setting of a layer; functions are strings in older files and objects in newer ones. */
export function settingOf(layer: KerasLayer, key: string): unknown {
  const value = layer.config[key];
  if (typeof value !== "object" || value === null) return value;
  const { config, class_name: name } = value as Record<string, unknown>;
  return typeof config === "string" ? config : name ?? value;
}

/** A whole number in a layer's config. @throws {RangeError} if it is not one */
export function sizeOf(layer: KerasLayer, key: string): number {
  const value = layer.config[key];
  if (Number.isSafeInteger(value) && value as number > 0) return value as number;
  throw refused(layer, `has ${key} ${shown(value)}, not a whole number above 0`);
}

/** A setting's value as a sentence quotes it; `null` for none. */
function shown(value: unknown): string {
  return shorten(JSON.stringify(value ?? null));
}

/** A dense layer. */
export interface Dense {
  layer: KerasLayer;
  units: number;
  /** Its activation. */
  activation: string;
  /** Its kernel's L2 penalty; 0 if it has none. */
  l2: number;
}

/** @throws {RangeError} if it is not a dense layer with bias and one of these activations */
export function readDense(
  layer: KerasLayer,
  place: string,
  ...activations: [string, ...string[]]
): Dense {
  expectClass(layer, place, "Dense");
  expectSetting(layer, "activation", ...activations);
  expectSetting(layer, "use_bias", true);
  return {
    layer,
    units: sizeOf(layer, "units"),
    activation: String(settingOf(layer, "activation") ?? "linear"),
    l2: penaltyOf(layer, "kernel_regularizer"),
  };
}

function penaltyOf(layer: KerasLayer, key: string): number {
  const regularizer = layer.config[key] as { class_name: string; config: { l2?: number } } | null;
  if (regularizer === null || regularizer === undefined) return 0;
  const { l1 = 0, l2 } = regularizer.config as { l1?: number; l2?: number };
  if (l1 !== 0 || !(Number(l2) >= 0)) {
    throw refused(layer, `has the penalty ${regularizer.class_name}; only L2 can be imported`);
  }
  return Number(Number(l2).toPrecision(6)); // Keras keeps it as a 32-bit float
}

/** @throws {RangeError} if it is not an LSTM with Keras' default gates and this direction */
export function checkLstm(layer: KerasLayer, returnsSequences: boolean, backward = false): number {
  expectSetting(layer, "activation", "tanh");
  expectSetting(layer, "recurrent_activation", "sigmoid");
  expectSetting(layer, "use_bias", true);
  expectSetting(layer, "go_backwards", backward, ...(backward ? [] : [null]));
  expectSetting(layer, "return_sequences", returnsSequences);
  expectSetting(layer, "return_state", false, null);
  expectSetting(layer, "stateful", false, null);
  expectSetting(layer, "time_major", false, null);
  return sizeOf(layer, "units");
}

/** @throws {RangeError} if it is not a bidirectional LSTM over sequences with outputs concatenated */
export function readBidirectional(layer: KerasLayer, place: string): number {
  expectClass(layer, place, "Bidirectional");
  expectSetting(layer, "merge_mode", "concat");
  const inner = (key: string): KerasLayer | undefined => {
    const wrapped = layer.config[key] as
      | { class_name: string; config: KerasLayer["config"] }
      | null;
    if (wrapped === null || wrapped === undefined) return undefined;
    const { class_name: className, config } = wrapped;
    return { ...layer, name: `${layer.name}/${config.name}`, className, config };
  };
  const forward = inner("layer");
  if (forward === undefined) throw refused(layer, "does not have a layer inside");
  expectClass(forward, `within "${layer.name}" there`, "LSTM");
  const units = checkLstm(forward, true);
  const backward = inner("backward_layer");
  if (backward !== undefined) {
    expectClass(backward, `within "${layer.name}" there`, "LSTM");
    if (checkLstm(backward, true, true) !== units) {
      throw refused(backward, "does not have as many units as the forward one");
    }
  }
  return units;
}

/** The embedding of the words input. */
export interface Embedding {
  layer: KerasLayer;
  /** The words input. */
  input: KerasLayer;
  /** Number of word indices, including padding. */
  vocabularySize: number;
  /** Width of a word's vector. */
  width: number;
  /** Positions of the words input; null if there can be any number. */
  longest: number | null;
  /** Whether padding is masked; if not, the LSTM reads it too. */
  masked: boolean;
}

/** @throws {RangeError} if it is not an embedding of the words input */
export function readEmbedding(layer: KerasLayer, reader: KerasLayer): Embedding {
  expectClass(layer, "below the words' recurrent layers there", "Embedding");
  const input = onlyInput(layer);
  expectClass(input, "below the embedding there", "InputLayer");
  const isKept = reader.mask === undefined || readMask(reader.mask, input) === "words";
  const [, longest = null] = shapeOf(input);
  const { input_length: given } = layer.config; // Keras 2
  return {
    layer,
    input,
    vocabularySize: sizeOf(layer, "input_dim"),
    width: sizeOf(layer, "output_dim"),
    longest: longest ?? (Number.isSafeInteger(given) ? given as number : null),
    masked: layer.config.mask_zero === true && isKept,
  };
}

/** Shape of an input, the batch first. */
export function shapeOf(input: KerasLayer): (number | null)[] {
  const { batch_shape: newer, batch_input_shape: older } = input.config;
  const shape = newer ?? older;
  if (!Array.isArray(shape)) throw refused(input, "does not have a shape");
  return shape;
}
