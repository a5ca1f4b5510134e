import { type Hdf5File, openHdf5 } from "../../storage/mod.ts";
import {
  checkNames,
  checkNoMatrix,
  checkShape,
  type FeaturesFile,
  featuresFile,
  featureShapeOf,
  type FileOrigin,
} from "./features_file.ts";

/** Types of numbers that can be read. */
const FLOATS = ["float16", "bfloat16", "float32", "float64"];

/**
 * Features in an HDF5 file: one array per photo name, or a matrix and a list of its rows' names.
 *
 * @throws {SyntaxError} naming the array whose shape differs from the first, or if there are none
 * @throws {TypeError} naming an array that does not have floating-point numbers
 */
export async function openHdf5Features(path: string): Promise<FeaturesFile> {
  const file = await openHdf5(path);
  const { size } = await Deno.stat(path);
  try {
    const arrays = [...arraysIn(file, "")];
    if (arrays.length === 0) throw new SyntaxError(`${path} has no arrays: there are no features`);
    return checkSize(
      matrixAndNames(file, path, arrays) ?? arrayPerPhoto(file, path, arrays),
      size,
    );
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/** An array in HDF5 may claim any size without storing a byte. */
function checkSize(features: FeaturesFile, size: number): FeaturesFile {
  const { path, names, featureShape } = features;
  const bytes = featureShape.reduce(
    (product, side) => product * side,
    Float32Array.BYTES_PER_ELEMENT,
  );
  if (bytes <= Math.max(64 * 2 ** 20, 100 * size)) return features;
  throw new SyntaxError(
    `${path}: its entry ${names[0]} claims the shape [${featureShape.join(", ")}], which takes ` +
      `${bytes} bytes, but the file has ${size}: it is damaged`,
  );
}

/** Paths of all arrays; a photo's name may be in groups. */
function* arraysIn(file: Hdf5File, group: string): Generator<string> {
  for (const key of file.keys(group)) {
    const path = group === "" ? key : `${group}/${key}`;
    if (file.shape(path) !== undefined) yield path;
    else yield* arraysIn(file, path);
  }
}

function matrixAndNames(file: Hdf5File, path: string, arrays: string[]): FeaturesFile | undefined {
  const [list, another] = arrays.filter((array) => file.type(array) === "text");
  if (list === undefined || another !== undefined) return undefined;
  const count = file.shape(list)?.[0];
  const others = arrays.filter((array) => array !== list);
  const fitting = others.filter((array) =>
    FLOATS.includes(file.type(array)!) && file.shape(array)![0] === count &&
    file.shape(array)!.length > 1
  );
  const [matrix, ...more] = others.length === 1 ? others : fitting;
  if (matrix === undefined || more.length > 0) return undefined;
  const names = file.readTexts(list);
  const [rows, ...sides] = shapeOf(file, path, matrix);
  checkNames(names, rows, path);
  const featureShape = featureShapeOf({ entry: `${path}: ${matrix}`, shape: [1, ...sides] });
  const facts = { ...originOf(file, path), names, featureShape, dtype: file.type(matrix)! };
  return featuresFile(facts, (index) => file.readRows(matrix, index, index + 1));
}

function arrayPerPhoto(file: Hdf5File, path: string, arrays: string[]): FeaturesFile {
  const folder = commonGroup(arrays);
  const names = arrays.map((array) => array.slice(folder.length));
  checkNoMatrix(path, names.map((name, i) => ({ name, shape: file.shape(arrays[i])! })));
  let featureShape: number[] | undefined;
  for (const [i, array] of arrays.entries()) {
    const claim = { entry: `${path}: its entry ${names[i]}`, shape: shapeOf(file, path, array) };
    featureShape ??= featureShapeOf(claim);
    checkShape(claim, featureShape, names[0]);
  }
  const dtype = file.type(arrays[0])!;
  const facts = { ...originOf(file, path), names, featureShape: featureShape!, dtype };
  return featuresFile(facts, (index) => file.read(arrays[index]));
}

/** The group of all arrays, with its slash; it is not part of a photo's name. */
function commonGroup(arrays: readonly string[]): string {
  const parts = arrays[0].split("/").slice(0, -1);
  while (parts.length > 0 && !arrays.every((array) => array.startsWith(parts.join("/") + "/"))) {
    parts.pop();
  }
  return parts.length === 0 ? "" : parts.join("/") + "/";
}

function shapeOf(file: Hdf5File, path: string, array: string): number[] {
  const type = file.type(array)!;
  if (FLOATS.includes(type)) return file.shape(array)!;
  throw new TypeError(
    `${path}: its array ${array} has elements of type ${type}, not floating-point numbers`,
  );
}

function originOf(file: Hdf5File, path: string): FileOrigin {
  return { path, format: "HDF5", close: () => file[Symbol.dispose]() };
}
