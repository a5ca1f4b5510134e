import { checkFloats, NumpyArray } from "../numpy/array.ts";
import { describe } from "../pickle/build.ts";
import type { PickleValue } from "../pickle/values.ts";
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
    throw new SyntaxError(`${path} holds ${describe(dict)}, not a dict of photo name → array`);
  }
  if (dict.size === 0) throw new SyntaxError(`${path} holds an empty dict: there are no features`);
  const names: string[] = [];
  const arrays: NumpyArray[] = [];
  for (const [key, value] of dict) {
    const name = typeof key === "number" ? String(key) : key;
    if (typeof name !== "string") {
      throw new SyntaxError(`${path} has ${describe(key)} as a photo's name`);
    }
    if (!(value instanceof NumpyArray)) {
      throw new SyntaxError(`${path}: its entry ${name} is ${describe(value)}, not an array`);
    }
    names.push(name);
    arrays.push(value);
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
