/** The feature of one photo. */
export interface FeatureEntry {
  /** Its place among the names. */
  index: number;
  /** The photo's name, as the file has it. */
  name: string;
  /** [...featureShape], row-major. */
  feature: Float32Array;
}

/** A file of features by photo name, of which one entry at a time comes into memory. */
export interface FeaturesFile extends Disposable {
  /** Where it lies. */
  readonly path: string;
  /** What kind of file it is. */
  readonly format: "pickle" | "npy" | "npz" | "HDF5";
  /** Photos' names, in the file's order; each once. */
  readonly names: readonly string[];
  /** Shape of one photo's feature, without a leading 1: [4096], [7, 7, 512]. */
  readonly featureShape: readonly number[];
  /** Type of the numbers in the file. */
  readonly dtype: string;
  /**
   * Features one after the other, fastest in the file's order.
   *
   * @param indices places among the names; all without it
   * @throws {Error} naming the entry, if one is damaged or of another shape than the first
   */
  entries(indices?: Iterable<number>): AsyncGenerator<FeatureEntry>;
}

/** What one entry claims to be, before its numbers are read. */
export interface EntryClaim {
  /** For messages: the file and the entry in it. */
  entry: string;
  /** Sides as in the file. */
  shape: readonly number[];
}

/**
 * The shape of a photo's feature: Keras' predict gives one photo's as a batch of one.
 *
 * @throws {SyntaxError} if it is a single number, or has none
 */
export function featureShapeOf({ entry, shape }: EntryClaim): number[] {
  const sides = shape.length > 1 && shape[0] === 1 ? shape.slice(1) : [...shape];
  if (sides.length > 0 && !sides.includes(0)) return sides;
  throw new SyntaxError(
    `${entry} has the shape [${shape.join(", ")}], which is no photo's feature`,
  );
}

/**
 * Compares an entry with the first one.
 *
 * @throws {SyntaxError} naming both shapes, if they differ
 */
export function checkShape(
  claim: EntryClaim,
  featureShape: readonly number[],
  first: string,
): void {
  if (String(featureShapeOf(claim)) === String(featureShape)) return;
  throw new SyntaxError(
    `${claim.entry} has the shape [${claim.shape.join(", ")}], but that of ${first} is ` +
      `[${featureShape.join(", ")}]: all features of a file must have one shape`,
  );
}

/**
 * Names as they stand beside a matrix.
 *
 * @throws {SyntaxError} if there are not as many as rows, or one is there twice
 */
export function checkNames(names: readonly string[], rows: number, path: string): void {
  if (names.length !== rows) {
    throw new SyntaxError(`${path} has ${names.length} names for ${rows} features`);
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new SyntaxError(`${path} has the name ${name} twice`);
    seen.add(name);
  }
}

/** All places there are. */
export function allOf(names: readonly string[]): Iterable<number> {
  return names.keys();
}

/** What makes a file besides what is in it. */
export interface FileOrigin {
  /** Where it lies. */
  path: string;
  /** What kind of file it is. */
  format: FeaturesFile["format"];
  /** Closes it. */
  close: () => void;
}

/** A file whose entries can be read in any order. */
export function featuresFile(
  { close, names, ...facts }: FileOrigin & Pick<FeaturesFile, "names" | "featureShape" | "dtype">,
  read: (index: number) => Float32Array,
): FeaturesFile {
  return {
    ...facts,
    names,
    async *entries(indices = allOf(names)): AsyncGenerator<FeatureEntry> {
      for (const index of indices) yield { index, name: names[index], feature: read(index) };
    },
    [Symbol.dispose]: close,
  };
}
