import { describeValue, NumpyArray, type PickleValue } from "../../python/mod.ts";
import { itemsOf, textOf, textsOf } from "../plain_values.ts";
import { arrayIn, featuresOfDict } from "./array_features.ts";
import {
  checkNames,
  type FeaturesFile,
  featuresFile,
  featureShapeOf,
  type FileOrigin,
} from "./features_file.ts";

/** Dicts of features lie among few other values, unless there is nothing else. */
const MOST_BESIDE = 32;

/**
 * Features in a value of a pickle or a `.npy` file: a dict of photo name → array; several of them, as
 * one for each split or dump; a list of names and arrays; or a matrix with the list of its rows' names.
 *
 * @throws {SyntaxError} if there are none, or an entry is not an array or of another shape
 * @throws {TypeError} if the elements are not floating-point numbers
 */
export function featuresInValue(value: PickleValue, origin: FileOrigin): FeaturesFile {
  const { path } = origin;
  const dict = dictIn(value, path);
  if (dict !== undefined) return featuresOfDict(dict, origin);
  const table = tableIn(value);
  if (table !== undefined) return featuresOfTable(...table, origin);
  if (value instanceof Map) return featuresOfDict(value, origin);
  const isArrays = value instanceof NumpyArray ||
    itemsOf(value)?.some((item) => item instanceof NumpyArray);
  throw new SyntaxError(
    `${path} holds ${describeValue(value)}${
      isArrays ? " of numbers without photos' names" : ""
    }, not a ` +
      "dict of photo name → array",
  );
}

/** Whether a value holds features, as far as can be seen without reading them. */
export function holdsFeatures(value: PickleValue, path: string): boolean {
  return dictIn(value, path) !== undefined || tableIn(value) !== undefined;
}

type Dict = Map<PickleValue, PickleValue>;

function dictIn(value: PickleValue, path: string): Dict | undefined {
  if (isDict(value)) return value;
  const pairs = pairsIn(value);
  if (pairs !== undefined) return merged(pairs.map((pair) => new Map([pair])), path);
  const parts = partsOf(value);
  const dicts = parts.filter(isDict);
  if (dicts.length === 0 || dicts.length < parts.length && parts.length > MOST_BESIDE) {
    return undefined;
  }
  return parts.some((part) => part instanceof Map && !isDict(part))
    ? undefined
    : merged(dicts, path);
}

function isDict(value: PickleValue): value is Dict {
  if (!(value instanceof Map) || value.size === 0) return false;
  return value.values().every((entry) => arrayIn(entry, "") !== undefined) &&
    tableIn(value) === undefined;
}

function partsOf(value: PickleValue): readonly PickleValue[] {
  return value instanceof Map ? [...value.values()] : itemsOf(value) ?? [];
}

/** `list(features.items())`. */
function pairsIn(value: PickleValue): [PickleValue, PickleValue][] | undefined {
  const pairs = itemsOf(value)?.map((item) => itemsOf(item) ?? []) ?? [];
  const arePairs = pairs.length > 0 &&
    pairs.every((pair) =>
      pair.length === 2 && textOf(pair[0]) !== undefined && arrayIn(pair[1], "") !== undefined
    );
  return arePairs ? pairs.map(([name, array]) => [textOf(name)!, array]) : undefined;
}

function merged(dicts: readonly Dict[], path: string): Dict {
  const all: Dict = new Map();
  for (const dict of dicts) {
    for (const [name, array] of dict) {
      if (all.has(name)) {
        throw new SyntaxError(
          `${path} has features of ${name} twice: save one dict of photo name → ` +
            "array",
        );
      }
      all.set(name, array);
    }
  }
  return all;
}

/** The only matrix with the only list of as many names; further values may lie beside them. */
function tableIn(value: PickleValue): [matrix: NumpyArray, names: string[]] | undefined {
  const parts = partsOf(value);
  if (parts.length > MOST_BESIDE) return undefined;
  const matrices = parts.filter((part) =>
    part instanceof NumpyArray && part.dtype.kind === "f" && part.shape.length > 1
  ) as NumpyArray[];
  const lists = parts.map(textsOf).filter((list) => list !== undefined);
  const fits = matrices.length === 1 && lists.length === 1 &&
    lists[0].length === matrices[0].shape[0];
  return fits ? [matrices[0], lists[0]] : undefined;
}

function featuresOfTable(
  matrix: NumpyArray,
  names: string[],
  origin: FileOrigin,
): FeaturesFile {
  const { path } = origin;
  const [rows, ...sides] = matrix.shape;
  checkNames(names, rows, path);
  const featureShape = featureShapeOf({ entry: `${path}: its matrix`, shape: [1, ...sides] });
  const length = featureShape.reduce((product, side) => product * side, 1);
  let numbers: Float32Array | undefined;
  return featuresFile({ ...origin, names, featureShape, dtype: matrix.dtype.name }, (index) => {
    numbers ??= matrix.floats();
    return numbers.slice(index * length, (index + 1) * length);
  });
}
