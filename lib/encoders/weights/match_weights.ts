import type { Architecture } from "../architectures/architecture.ts";
import type { Listener } from "../../progress/mod.ts";
import { withoutHead } from "./head_layers.ts";
import { layerReadings } from "./layer_readings.ts";
import type { Attempt, WantedLayer, WeightMatch } from "./weight_match.ts";
import { refusedWeights } from "./refused_weights.ts";
import { plainWeightName, type SourceLayer, type WeightSource } from "./weight_source.ts";

/**
 * Finds a network's weights in a source: layers by their given names, those with Keras' automatic
 * names (`conv2d_7`) by their order, and all by their order where older versions of Keras named
 * them in another way; if every shape fits.
 *
 * @throws {RangeError} if names or shapes differ, listing the first differences
 */
export function matchWeights(
  architecture: Architecture,
  wanted: WantedLayer[],
  source: WeightSource,
  say: Required<Listener>["say"] = () => {},
): WeightMatch {
  let attempts = attemptsOf(architecture, wanted, source.layers);
  if (!attempts.some(fits)) {
    const { kept, head } = withoutHead(architecture, source.layers);
    const rest = head.length === 0 ? [] : attemptsOf(architecture, wanted, kept);
    if (rest.some(fits)) say(`${source.label} has layers after the network, left out: ${head}`);
    if (rest.some(({ unknown, differences }) => unknown.length + differences.length === 0)) {
      attempts = rest.map((one) => inWhole(one, kept, source.layers));
    }
  }
  const [best, ...others] = attempts.filter(fits);
  if (best === undefined) throw refusedWeights(architecture, wanted, source, attempts);
  const placesOf = ({ match }: Attempt) => JSON.stringify([...match]);
  if (others.some((other) => placesOf(other) !== placesOf(best))) {
    throw new RangeError(
      `${source.label} may hold the weights of several parts of ${architecture.kind} that have ` +
        "the same shapes: use a file of the whole network",
    );
  }
  if (best.inOrder) {
    say(`${source.label} names its layers in another way; they were taken in their order`);
  }
  return best.match;
}

function attemptsOf(
  architecture: Architecture,
  wanted: WantedLayer[],
  layers: readonly SourceLayer[],
): Attempt[] {
  const known = architecture.layers.filter(({ weighted }) => weighted).map(({ name }) => name);
  return layerReadings(architecture, layers).map((reading) => ({
    ...reading,
    ...matchByName(wanted, reading.names, layers),
    unknown: reading.names.filter((name) => !known.includes(name)),
  }));
}

function fits({ unknown, missing, differences }: Attempt): boolean {
  return unknown.length + missing.length + differences.length === 0;
}

/** An attempt with some of a file's layers, its places counted among all of them. */
function inWhole(
  attempt: Attempt,
  kept: readonly SourceLayer[],
  layers: readonly SourceLayer[],
): Attempt {
  const match: WeightMatch = new Map(
    [...attempt.match].map(([name, { layer, arrays }]) => [
      name,
      { layer: layers.indexOf(kept[layer]), arrays },
    ]),
  );
  return { ...attempt, match };
}

function matchByName(
  wanted: WantedLayer[],
  names: readonly string[],
  layers: readonly SourceLayer[],
) {
  const match: WeightMatch = new Map();
  const missing: string[] = [];
  const differences: string[] = [];
  for (const layer of wanted) {
    const index = names.indexOf(layer.name);
    if (index < 0) {
      missing.push(layer.name);
      continue;
    }
    const found = layers[index];
    const arrays = arraysIn(found, layer);
    match.set(layer.name, { layer: index, arrays });
    layer.arrays.forEach(({ name, shape }, i) => {
      const there = found.arrays[arrays[i]]?.shape;
      if (there === undefined) {
        differences.push(`layer "${layer.name}" has no ${name}`);
      } else if (`${there}` !== `${shape}`) {
        differences.push(`${name} of layer "${layer.name}" is [${there}], not [${shape}]`);
      }
    });
    if (found.arrays.length > layer.arrays.length) {
      const count = `${found.arrays.length} arrays, not ${layer.arrays.length}`;
      differences.push(`layer "${layer.name}" has ${count}`);
    }
  }
  return { match, missing, differences };
}

/** By name, or in order where there are no names or only those of Keras 1 (`block1_conv1_W_1:0`). */
function arraysIn({ arrays }: SourceLayer, wanted: WantedLayer): number[] {
  const names = arrays.map(({ name }) => name === undefined ? undefined : plainWeightName(name));
  const found = wanted.arrays.map(({ name }) => names.indexOf(plainWeightName(name)));
  const byOrder = names.includes(undefined) ||
    found.includes(-1) && arrays.length === wanted.arrays.length;
  return byOrder ? wanted.arrays.map((_, i) => i) : found;
}
