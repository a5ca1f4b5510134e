import {
  checkFloats,
  describeValue,
  NumpyArray,
  NumpyDtype,
  type PickleValue,
  StoredBytes,
} from "../../python/mod.ts";
import { itemsOf } from "../plain_values.ts";
import {
  checkNames,
  checkShape,
  type FeaturesFile,
  featuresFile,
  featureShapeOf,
  type FileOrigin,
} from "./features_file.ts";

/**
 * Features from a dict of name → array, as in pickles and from `np.save(path, dict)`.
 *
 * @throws {SyntaxError} naming the entry that is not an array, or whose shape differs from the first
 * @throws {TypeError} if the elements are not floating-point numbers
 */
export function featuresOfDict(dict: PickleValue, origin: FileOrigin): FeaturesFile {
  const { path } = origin;
  if (!(dict instanceof Map)) {
    throw new SyntaxError(`${path} holds ${describeValue(dict)}, not a dict of photo name → array`);
  }
  if (dict.size === 0) throw new SyntaxError(`${path} holds an empty dict: there are no features`);
  const names: string[] = [];
  const arrays: NumpyArray[] = [];
  for (const [key, value] of dict) {
    const name = typeof key === "number" ? String(key) : key;
    if (typeof name !== "string") {
      throw new SyntaxError(`${path} has ${describeValue(key)} as a photo's name`);
    }
    const array = arrayIn(value, `${path}: its entry ${name}`);
    if (array === undefined) {
      throw new SyntaxError(`${path}: its entry ${name} is ${describeValue(value)}, not an array`);
    }
    names.push(name);
    arrays.push(array);
  }
  const claim = (index: number) => ({
    entry: `${path}: its entry ${names[index]}`,
    shape: arrays[index].shape,
  });
  const featureShape = featureShapeOf(claim(0));
  for (const [index, { dtype }] of arrays.entries()) {
    checkFloats(dtype, claim(index).entry);
    checkShape(claim(index), featureShape, names[0]);
  }
  checkNames(names, arrays.length, path);
  const dtype = arrays[0].dtype.name;
  const facts = { ...origin, names, featureShape, dtype };
  return featuresFile(facts, (index) => arrays[index].floats());
}

/**
 * An array, which may have become a list of numbers (`array.tolist()`), or be the only item of a list.
 *
 * @returns undefined if it is something else, such as a list of whole numbers, which captions become
 */
export function arrayIn(value: PickleValue, name: string): NumpyArray | undefined {
  if (value instanceof NumpyArray) return value;
  const items = itemsOf(value);
  if (items === undefined || items.length === 0) return undefined;
  if (items.length === 1) {
    const inner = arrayIn(items[0], name);
    if (inner === undefined) return undefined;
    return new NumpyArray(name, inner.dtype, [1, ...inner.shape], inner.fortran, inner.data);
  }
  const isList = items.every((item) => typeof item === "number") &&
    items.some((item) => !Number.isInteger(item) || Object.is(item, -0));
  if (!isList) return undefined;
  const bytes = new Uint8Array(Float64Array.from(items as number[]).buffer);
  const stored = new StoredBytes(bytes.length, bytes.length, () => bytes.slice());
  const double = new NumpyDtype("f", Float64Array.BYTES_PER_ELEMENT, true); // as Python's floats are
  return new NumpyArray(name, double, [items.length], false, stored);
}
