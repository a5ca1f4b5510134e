/** A photo that cannot be used, even if tried again: callers report it and continue with the rest. */
export class UnreadablePhotoError extends Error {
  /** Name of the class in messages. */
  override readonly name = "UnreadablePhotoError";

  /**
   * An error for one photo.
   *
   * @param reason what is wrong with it, without its name
   * @param pixels how many it has, if they are more than the limit
   */
  constructor(readonly photo: string, readonly reason: string, readonly pixels?: number) {
    super(`${photo} cannot be used: ${reason}`);
  }
}
