/** An error that a notebook shows as one sentence, without a stack. */
export class ToldError extends Error {
  /** @param name stands before the sentence */
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.stack = `${name}: ${message}`; // what Deno's kernel shows
  }
}
