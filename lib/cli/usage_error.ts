/** Wrong use of a command: its message is shown with a hint at --help, and the exit code is 2. */
export class UsageError extends Error {
  /** The class's name. */
  override name = "UsageError";
}
