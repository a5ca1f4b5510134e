import { visible } from "../text/mod.ts";
import { inSettings } from "./settings_words.ts";

/** An error that a notebook shows as one sentence, without a stack. */
export class ToldError extends Error {
  /** @param name stands before the sentence */
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(visible(message), options);
    this.name = name;
    this.stack = `${name}: ${this.message}`; // what Deno's kernel shows
  }
}

/** An error as one sentence in a notebook's words; the error itself is its cause. */
export function told(error: unknown): unknown {
  if (error instanceof ToldError || !(error instanceof Error)) return error;
  return new ToldError(error.name, inSettings(error.message), { cause: error });
}
