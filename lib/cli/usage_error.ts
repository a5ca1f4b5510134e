/** Wrong use of a command: its message is shown with a pointer to --help; the exit code is 2. */
export class UsageError extends Error {
  /** The name of this class. */
  override name = "UsageError";
  /** The command whose help tells more, such as `deno task train`. */
  readonly command?: string;

  /** Names the command whose help tells more, if it is known. */
  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}
