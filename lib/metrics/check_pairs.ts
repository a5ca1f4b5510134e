/**
 * Checks that every candidate has its references.
 *
 * @throws {RangeError} if the numbers differ
 */
export function checkPairs(candidates: readonly unknown[], references: readonly unknown[]): void {
  if (candidates.length !== references.length) {
    throw new RangeError(
      `${candidates.length} candidates, but references for ${references.length}`,
    );
  }
}
