import type { Architecture } from "../architectures/architecture.ts";
import type { Listener } from "../../progress/mod.ts";
import { automaticKind, type LayerReading, layerReadings } from "./layer_readings.ts";
import { plainWeightName, type SourceLayer, type WeightSource } from "./weight_source.ts";

/** What a network's layer needs. */
export interface WantedLayer {
  name: string;
  /** In Keras' order. */
  arrays: { name: string; shape: number[] }[];
}

/** Where each array of each wanted layer is in the source: its layer, then its arrays' indices. */
export type WeightMatch = Map<string, { layer: number; arrays: number[] }>;

/** A reading of a source and what speaks against it. */
interface Attempt extends LayerReading {
  match: WeightMatch;
  missing: string[];
  unknown: string[];
  differences: string[];
}

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
  const known = architecture.layers.filter(({ weighted }) => weighted).map(({ name }) => name);
  const attempts = layerReadings(architecture, source.layers).map((reading): Attempt => ({
    ...reading,
    ...matchByName(wanted, reading.names, source),
    unknown: reading.names.filter((name) => !known.includes(name)),
  }));
  const problems = ({ unknown, missing, differences }: Attempt) =>
    unknown.length + missing.length + differences.length;
  const [best, ...others] = attempts.filter((attempt) => problems(attempt) === 0);
  if (best === undefined) {
    const named = attempts.filter(({ inOrder }) => !inOrder);
    const [nearest] = named.toSorted((a, b) => problems(a) - problems(b));
    throw new RangeError(
      nearest === undefined
        ? `${another(architecture, source)}: ${listed(strangers(architecture, wanted, source), 4)}`
        : refusal(architecture, source, nearest),
    );
  }
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

function matchByName(wanted: WantedLayer[], names: string[], source: WeightSource) {
  const match: WeightMatch = new Map();
  const missing: string[] = [];
  const differences: string[] = [];
  for (const layer of wanted) {
    const index = names.indexOf(layer.name);
    if (index < 0) {
      missing.push(layer.name);
      continue;
    }
    const found = source.layers[index];
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

function refusal(
  architecture: Architecture,
  source: WeightSource,
  { missing, unknown, differences }: Attempt,
): string {
  if (differences.length === 0 && unknown.length === 0) {
    const names = architecture.layers.map(({ name }) => name);
    const first = Math.min(...missing.map((name) => names.indexOf(name)));
    return `${source.label} has no weights of ${listed(missing.map((name) => `"${name}"`), 3)}: ` +
      `use a file with them, or an encoder.layer up to "${names[first - 1]}"`;
  }
  const all = [ // other shapes say most, absence least
    ...differences,
    ...unknown.map((name) => `${architecture.kind} has no layer "${name}"`),
    ...missing.map((name) => `layer "${name}" is missing`),
  ];
  return `${another(architecture, source)}: ${listed(all, 4)}`;
}

function another({ kind }: Architecture, { label }: WeightSource): string {
  return `${label} holds the weights of another network than ${kind}`;
}

/** What is strange about a file that no part of a network can have written. */
function strangers(
  { kind, layers, aliases }: Architecture,
  wanted: WantedLayer[],
  source: WeightSource,
): string[] {
  const here = source.layers.map(({ name }) => aliases[name] ?? name);
  const there = layers.filter(({ weighted }) => weighted).map(({ name }) => name);
  const kinds = [...new Set(there.map(automaticKind))].filter((kind) => kind !== undefined);
  const isStranger = (name: string) =>
    !there.includes(name) && !kinds.includes(automaticKind(name)!);
  const count = (names: string[], wanted: string) =>
    names.filter((name) => automaticKind(name) === wanted).length;
  return [
    ...here.filter(isStranger).map((name) => `${kind} has no layer "${name}"`),
    ...kinds.filter((kind) => count(here, kind) !== count(there, kind)).map((kind) =>
      `${count(here, kind)} layers have automatic names like "${kind}", not ${count(there, kind)}`
    ),
    ...wanted.filter(({ name }) => automaticKind(name) === undefined && !here.includes(name))
      .map(({ name }) => `layer "${name}" is missing`),
  ];
}

function listed(items: string[], count: number): string {
  const rest = items.length - count;
  return items.slice(0, count).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
