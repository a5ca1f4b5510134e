/** Wrong use of a command: its message is shown with a pointer to --help; the exit code is 2. */
export class UsageError extends Error {
  /** The name of this class. */
  override name = "UsageError";
}
