/** Begins the key of features that were read from a file. */
const FILE = "file-";

/** Begins the key of an imported run's features. */
const IMPORTED = "imported-";

/** The key of features read from a file, whose encoder is unknown. */
export function fileFeaturesKey(digest: string): string {
  return FILE + digest.slice(0, 16);
}

/** The key of the features that an imported decoder was trained on, by its file's digest. */
export function importedFeaturesKey(digest: string): string {
  return IMPORTED + digest.slice(0, 16);
}

/**
 * The encoder's key in a training summary; null where the features of the training were made
 * elsewhere, so that no encoder can be checked against them.
 */
export function encoderKeyOf({ encoderKey }: { encoderKey: string }): string | null {
  return encoderKey.startsWith(FILE) || encoderKey.startsWith(IMPORTED) ? null : encoderKey;
}
