import type { Architecture } from "../architectures/architecture.ts";
import { architectures } from "../architectures/registry.ts";
import { automaticKind, layerReadings } from "./layer_readings.ts";
import type { Attempt, WantedLayer } from "./weight_match.ts";
import type { WeightSource } from "./weight_source.ts";

/**
 * Why a file's weights are not those of a network: what it holds, where it differs, what to do.
 *
 * @param attempts to read it, all of which have failed
 */
export function refusedWeights(
  architecture: Architecture,
  wanted: WantedLayer[],
  source: WeightSource,
  attempts: readonly Attempt[],
): RangeError {
  const { kind } = architecture;
  const { label, layers } = source;
  if (!layers.some(({ arrays }) => arrays.some(({ shape }) => shape.length === 4))) {
    const found = layers.length === 0
      ? "no weights"
      : `no convolutions, but the layers ${listed(layers.map(({ name }) => name), 4)}`;
    return new RangeError(
      `${label} holds the weights of another network than ${kind}: it has ${found}; give ` +
        `encoder.weights a file of ${kind}, and a caption decoder to deno task import`,
    );
  }
  const other = otherNetwork(architecture, source);
  if (other !== undefined) {
    return new RangeError(
      `${label} holds the weights of another network than ${kind}: they are those of ${other}; set ` +
        `encoder.kind to ${other}, or encoder.weights to a file of ${kind}`,
    );
  }
  const problems = ({ unknown, missing, differences }: Attempt) =>
    unknown.length + missing.length + differences.length;
  const [nearest] = attempts.filter(({ inOrder }) => !inOrder)
    .toSorted((a, b) => problems(a) - problems(b));
  return new RangeError(
    nearest === undefined
      ? another(architecture, source, strangers(architecture, wanted, source))
      : refusal(architecture, source, nearest),
  );
}

/** The network here whose layers' names all of a file's are. */
function otherNetwork(
  { kind, aliases, ...own }: Architecture,
  { layers }: WeightSource,
): string | undefined {
  const names = new Set(own.layers.map(({ name }) => name));
  if (layers.every(({ name }) => names.has(aliases[name] ?? name))) return undefined;
  return Object.keys(architectures).find((name) => {
    if (name === kind) return false;
    const known = new Set(architectures[name].layers.map((layer) => layer.name));
    return layerReadings(architectures[name], layers).some(({ names, inOrder }) =>
      !inOrder && names.every((one) => known.has(one)) && names.length > 1
    );
  });
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
  return another(architecture, source, all);
}

function another({ kind }: Architecture, { label }: WeightSource, strange: string[]): string {
  return `${label} holds the weights of another network than ${kind}: ${
    listed(strange, 4)
  }; give a ` +
    `file of ${kind} as keras.applications makes it by default, or set encoder.kind to another of ` +
    Object.keys(architectures).filter((name) => name !== kind).join(", ");
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
