import { visible } from "../text/mod.ts";

/** An error that a notebook shows as one sentence, without a stack. */
export class ToldError extends Error {
  /** @param name stands before the sentence */
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(visible(message), options);
    this.name = name;
    this.stack = `${name}: ${this.message}`; // what Deno's kernel shows
  }
}
