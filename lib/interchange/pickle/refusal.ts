import type { ByteSource } from "../byte_source.ts";

/** The error for a pickle that needs an unknown function or class. */
export function refused({ name }: ByteSource, what: string): SyntaxError {
  return new SyntaxError(
    `${name} needs ${what}, which is not among the types of a Keras tokenizer or features file; ` +
      "nothing was executed",
  );
}

/** The error for a pickle that is not valid. */
export function damaged({ name }: ByteSource, at: number, what: string): SyntaxError {
  return new SyntaxError(`${name} is damaged at byte ${at}: ${what}`);
}
