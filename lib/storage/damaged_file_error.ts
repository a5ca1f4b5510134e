/** The damage of a file that should be there. */
export const MISSING = "it is missing";

/** A file of the project's own is not as it was written, or cannot be read. */
export class DamagedFileError extends Error {
  /** The name of this class. */
  override name = "DamagedFileError";
  /** The file. */
  readonly path: string;
  /** What was found, such as `it was altered`. */
  readonly damage: string;

  /**
   * Says what was found, and what to do.
   *
   * @param damage such as `it was altered`
   * @param remedy what to do, as the end of a sentence
   */
  constructor(path: string, damage: string, remedy: string, options?: ErrorOptions) {
    super(`${path} is damaged (${damage}): ${remedy}`, options);
    this.path = path;
    this.damage = damage;
  }

  /** Whether there is no such file. */
  get isMissing(): boolean {
    return this.damage === MISSING;
  }

  /** The same damage with another remedy, as the end of a sentence. */
  withRemedy(remedy: string): DamagedFileError {
    return new DamagedFileError(this.path, this.damage, remedy, { cause: this.cause });
  }
}
