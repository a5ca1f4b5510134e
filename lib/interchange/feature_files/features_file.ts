/** The feature of one photo. */
export interface FeatureEntry {
  /** Its index among the names. */
  index: number;
  /** The photo's name in the file. */
  name: string;
  /** [...featureShape], row-major. */
  feature: Float32Array;
}

/** A file of features by photo name; one entry at a time is in memory. */
export interface FeaturesFile extends Disposable {
  /** The file's path. */
  readonly path: string;
  /** The file's format. */
  readonly format: "pickle" | "npy" | "npz" | "HDF5";
  /** Photos' names in the file's order, without duplicates. */
  readonly names: readonly string[];
  /** Members of the file that are not read, such as labels. */
  readonly unread?: readonly string[];
  /** Shape of one photo's feature, without a leading 1: [4096], [7, 7, 512]. */
  readonly featureShape: readonly number[];
  /** Type of the file's numbers. */
  readonly dtype: string;
  /**
   * Features one by one; reading in the file's order is fastest.
   *
   * @param indices indices among the names @default {all}
   * @throws {Error} naming the entry that is damaged, or whose shape differs from the first
   */
  entries(indices?: Iterable<number>): AsyncGenerator<FeatureEntry>;
}

/** What an entry claims to be before its numbers are read. */
export interface EntryClaim {
  /** For messages: the file and the entry in it. */
  entry: string;
  /** Shape in the file. */
  shape: readonly number[];
}

/** Names that numpy or a notebook gives to a matrix of all photos, or of those of a split. */
const MATRIX_NAMES =
  /^(?:arr_\d+|[xy]|data|matrix|(?:img_|image_)?(?:features?|encodings?|embeddings?)|(?:(?:x|data|features?|encodings?|images?)[_-]?)?(?:train|test|val(?:id(?:ation)?)?|dev)(?:[_-]?(?:x|data|features?|encodings?|images?))?)(?:\.npy)?$/i;

/**
 * Refuses matrices of many photos that are named like such: their rows have no names.
 *
 * @throws {SyntaxError} naming the first
 */
export function checkNoMatrix(
  path: string,
  arrays: readonly { name: string; shape: readonly number[] }[],
) {
  const isMatrix = ({ name, shape }: { name: string; shape: readonly number[] }) =>
    MATRIX_NAMES.test(name) && shape.length > 1 && shape[0] > 1;
  if (arrays.length === 0 || !arrays.every(isMatrix)) return;
  const [{ name, shape }] = arrays;
  throw new SyntaxError(
    `${path} has ${arrays.length === 1 ? "one array" : `${arrays.length} arrays, the first`} of ` +
      `${shape[0]} rows, ${name}, and no names of photos: save both, np.savez(path, features=…, ` +
      "names=…)",
  );
}

/**
 * The shape of a photo's feature: Keras' predict returns that of one photo as a batch of one. A vector
 * with sides of 1 before it (`keepdims`) is a vector.
 *
 * @throws {SyntaxError} if it is a single number, or empty
 */
export function featureShapeOf({ entry, shape }: EntryClaim): number[] {
  const sides = shape.length > 1 && shape[0] === 1 ? shape.slice(1) : [...shape];
  while (sides.length > 1 && sides.slice(0, -1).every((side) => side === 1)) sides.shift();
  if (sides.length > 0 && !sides.includes(0)) return sides;
  throw new SyntaxError(
    `${entry} has the shape [${shape.join(", ")}], which a photo's feature cannot have`,
  );
}

/**
 * Compares an entry's shape with that of the first.
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
      `[${featureShape.join(", ")}]: all features of a file must have the same shape`,
  );
}

/**
 * Checks the names of a matrix' rows.
 *
 * @throws {SyntaxError} if there are not as many as rows, or one occurs twice
 */
export function checkNames(names: readonly string[], rows: number, path: string): void {
  if (names.length !== rows) {
    throw new SyntaxError(
      `${path} has ${names.length} names for ${rows} features: save them again, a name for each`,
    );
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new SyntaxError(`${path} has the name ${name} twice`);
    seen.add(name);
  }
}

/** All indices. */
export function allOf(names: readonly string[]): Iterable<number> {
  return names.keys();
}

/** Where features come from. */
export interface FileOrigin {
  /** The file's path. */
  path: string;
  /** The file's format. */
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
