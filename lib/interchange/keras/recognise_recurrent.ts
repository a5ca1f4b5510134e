import type { KerasLayer } from "./graph.ts";
import { expectClass, expectSetting, settingOf, sizeOf } from "./layers.ts";
import { refused } from "./refused.ts";
import { type Passed, passLayers } from "./pass_layers.ts";
import { lostDropout } from "./recognised.ts";

/** Recurrent layers one on top of the other. */
export interface RecurrentChain {
  /** The layers, from the words up. */
  layers: KerasLayer[];
  /** Their settings, which are the same in all. */
  cell: "lstm" | "gru";
  units: number;
  recurrentActivation: "sigmoid" | "hard_sigmoid";
  resetAfter: boolean;
  layerDropout: number;
  /** Whether the last one gives its output at every step. */
  sequences: boolean;
  /** Normalisations that a layer reads through, with the number of the layer from 0. */
  norms: { layer: number; norms: KerasLayer[] }[];
  /** The states that each layer starts with. */
  initial: KerasLayer[][];
  /** What is below the first. */
  below: Passed;
  /** A layer that reads another one without its mask. */
  unmasked?: KerasLayer;
  /** The layer whose output masks steps, where the file has one. */
  mask?: KerasLayer;
  /** What is not imported, in a sentence each. */
  notes: string[];
}

/** Whether a layer may be one of a chain. */
export function isRecurrent({ className }: KerasLayer): boolean {
  return className === "LSTM" || className === "GRU";
}

/**
 * The recurrent layers below and with this one.
 *
 * @throws {RangeError} naming a layer that works in another way than those of the decoders, or than
 * the others
 */
export function recogniseRecurrent(top: KerasLayer): RecurrentChain {
  const sequences = settingOf(top, "return_sequences") === true;
  const found: KerasLayer[] = [];
  const norms: RecurrentChain["norms"] = [];
  const notes: string[] = [];
  const rates: number[] = [];
  let unmasked: KerasLayer | undefined;
  let below: Passed;
  for (let layer = top;; layer = below.layer) {
    expectClass(layer, "among the recurrent layers there", "LSTM", "GRU");
    checkRecurrent(layer, found.length > 0);
    notes.push(...lostTraining(layer));
    found.unshift(layer);
    const [input] = layer.inputs;
    if (input === undefined) throw refused(layer, "has no input");
    below = passLayers(input, { norms: true });
    if (!isRecurrent(below.layer)) break;
    if (below.losesMask) unmasked = layer;
    rates.push(below.rate);
    norms.unshift(
      ...below.norms.length === 0 ? [] : [{ layer: -found.length, norms: below.norms }],
    );
    notes.push(...below.notes);
  }
  const [first] = found;
  const settings = settingsOf(first);
  for (const layer of found) checkSame(layer, settingsOf(layer), first, settings);
  const [layerDropout = 0] = rates;
  if (rates.some((rate) => rate !== layerDropout)) {
    notes.push(
      `The dropouts between the recurrent layers (${
        rates.toReversed().join(", ")
      }) become one of ` +
        `${layerDropout}: they only matter for further training`,
    );
  }
  return {
    ...settings,
    layers: found,
    layerDropout,
    sequences,
    norms: norms.map(({ layer, norms }) => ({ layer: found.length + layer, norms })),
    initial: found.map(({ inputs }) => inputs.slice(1)),
    below,
    unmasked,
    mask: first.mask,
    notes,
  };
}

function settingsOf(layer: KerasLayer) {
  const isGru = layer.className === "GRU";
  return {
    cell: isGru ? "gru" as const : "lstm" as const,
    units: sizeOf(layer, "units"),
    recurrentActivation: settingOf(layer, "recurrent_activation") as "sigmoid" | "hard_sigmoid",
    resetAfter: !isGru || layer.config.reset_after === true,
  };
}

function checkSame(
  layer: KerasLayer,
  settings: ReturnType<typeof settingsOf>,
  first: KerasLayer,
  expected: ReturnType<typeof settingsOf>,
): void {
  for (const [key, value] of Object.entries(settings)) {
    const other = expected[key as keyof typeof expected];
    if (value === other) continue;
    throw refused(
      layer,
      `has ${key} ${value}, but "${first.name}" below it has ${other}: the decoders' recurrent ` +
        "layers are all alike",
    );
  }
}

function checkRecurrent(layer: KerasLayer, isBelow: boolean): void {
  expectSetting(layer, "activation", "tanh");
  expectSetting(layer, "recurrent_activation", "sigmoid", "hard_sigmoid");
  expectSetting(layer, "use_bias", true);
  expectSetting(layer, "go_backwards", false, null);
  if (isBelow) expectSetting(layer, "return_sequences", true);
  if (layer.readsStates) throw refused(layer, "has a state that another layer reads");
  expectSetting(layer, "stateful", false, null);
  expectSetting(layer, "time_major", false, null);
}

/** Keras' own dropouts and penalties of a recurrent layer, which decoders do not have. */
function lostTraining({ name, config }: KerasLayer): string[] {
  const where = `within "${name}"`;
  const penalties = ["kernel", "recurrent", "bias", "activity"]
    .filter((part) => config[`${part}_regularizer`]);
  return [
    ...lostDropout(`on the inputs ${where}`, Number(config.dropout ?? 0)),
    ...lostDropout(`on the states ${where}`, Number(config.recurrent_dropout ?? 0)),
    ...penalties.length === 0 ? [] : [
      `The penalties ${where} (${penalties.join(", ")}) are not imported: they only matter for ` +
      "further training",
    ],
  ];
}
