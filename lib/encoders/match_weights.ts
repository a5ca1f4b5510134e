import type { Architecture } from "./architecture.ts";
import { plainWeightName, type SourceLayer, type WeightSource } from "./weight_source.ts";

/** What a network's layer needs. */
export interface WantedLayer {
  name: string;
  /** In Keras' order. */
  arrays: { name: string; shape: number[] }[];
}

/** Where each array of each wanted layer is in the source: its layer, then its arrays' indices. */
export type WeightMatch = Map<string, { layer: number; arrays: number[] }>;

/**
 * Finds a network's weights in a source by layers' names. A source all of whose names are other
 * ones (older versions of Keras) is taken in order, as Keras does, if every shape fits.
 *
 * @throws {RangeError} if names or shapes differ, listing the first differences
 */
export function matchWeights(
  architecture: Architecture,
  wanted: WantedLayer[],
  source: WeightSource,
  say: (line: string) => void = () => {},
): WeightMatch {
  const known = architecture.layers.filter(({ weighted }) => weighted).map(({ name }) => name);
  const names = source.layers.map(({ name }) => architecture.aliases[name] ?? name);
  if (!names.some((name) => known.includes(name)) && names.length <= known.length) {
    const renamed = matchByName(wanted, known.slice(0, names.length), source);
    if (renamed.differences.length === 0) {
      say(`${source.label} names its layers in another way; they were taken in their order`);
      return renamed.match;
    }
  }
  const { match, missing, differences } = matchByName(wanted, names, source);
  const unknown = names.filter((name) => !known.includes(name))
    .map((name) => `${architecture.kind} has no layer "${name}"`);
  if (missing.length > 0 && missing.length === differences.length && unknown.length === 0) {
    const last = architecture.layers.findIndex(({ name }) => name === missing[0]) - 1;
    throw new RangeError(
      `${source.label} has no weights of ${listed(missing.map((name) => `"${name}"`), 3)}: ` +
        `use a file with them, or an encoder.layer up to "${architecture.layers[last]?.name}"`,
    );
  }
  const isAbsence = (difference: string) => difference.endsWith("is missing");
  const all = [ // other shapes say most, absence least
    ...differences.filter((difference) => !isAbsence(difference)),
    ...unknown,
    ...differences.filter(isAbsence),
  ];
  if (all.length > 0) {
    throw new RangeError(
      `${source.label} holds the weights of another network than ${architecture.kind}: ` +
        listed(all, 4),
    );
  }
  return match;
}

function matchByName(wanted: WantedLayer[], names: string[], source: WeightSource) {
  const match: WeightMatch = new Map();
  const missing: string[] = [];
  const differences: string[] = [];
  for (const layer of wanted) {
    const index = names.indexOf(layer.name);
    if (index < 0) {
      missing.push(layer.name);
      differences.push(`layer "${layer.name}" is missing`);
      continue;
    }
    const found = source.layers[index];
    const arrays = layer.arrays.map(({ name }, i) => positionOf(name, i, found));
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

function positionOf(name: string, index: number, { arrays }: SourceLayer): number {
  if (arrays.some((array) => array.name === undefined)) return index;
  return arrays.findIndex((array) => plainWeightName(array.name!) === plainWeightName(name));
}

function listed(items: string[], count: number): string {
  const rest = items.length - count;
  return items.slice(0, count).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
