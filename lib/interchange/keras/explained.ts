/**
 * Puts a file's path in front of messages.
 *
 * @throws {RangeError} if the reading does
 * @throws {SyntaxError} if the reading does, or a part of the file's config is missing
 */
export function explained<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new RangeError(`${path} cannot be imported: ${error.message}`, { cause: error });
    }
    if (error instanceof TypeError && !error.message.includes(path)) { // something is missing
      throw new SyntaxError(
        `${path} cannot be read: its config is not that of a Keras model; get the file again`,
        { cause: error },
      );
    }
    if (error instanceof SyntaxError && !error.message.includes(path)) {
      throw new SyntaxError(`${path} cannot be read: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
