import type { FeaturesFile } from "./features_file.ts";

/**
 * Checks the numbers of one photo's feature.
 *
 * @param entry the file and the entry in it, for messages
 * @throws {RangeError} if one is NaN or infinite
 */
export function checkNumbers(feature: Float32Array, entry: string): void {
  for (let i = 0; i < feature.length; i++) { // a callback per number would take long
    if (Number.isFinite(feature[i])) continue;
    throw new RangeError(
      `${entry} has the number ${feature[i]}: encode that photo again, or remove it from the file`,
    );
  }
}

/**
 * Reads a whole file of features and checks its numbers.
 *
 * @throws {RangeError} naming the first photo with one that is NaN or infinite
 * @throws {Error} naming the entry that is damaged, or whose shape differs from the first
 */
export async function checkEntries(file: FeaturesFile): Promise<void> {
  for await (const { name, feature } of file.entries()) {
    checkNumbers(feature, `${file.path}: its entry ${name}`);
  }
}
