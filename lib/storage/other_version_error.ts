/** A file of the project's own was written by another version of the program. */
export class OtherVersionError extends Error {
  /** The name of this class. */
  override name = "OtherVersionError";

  /**
   * Says which version wrote it, and what to do.
   *
   * @param remedy as the end of a sentence
   */
  constructor(path: string, found: number, expected: number, remedy: string) {
    super(`${path} has format ${found}, but this version reads ${expected}: ${remedy}`);
  }
}
