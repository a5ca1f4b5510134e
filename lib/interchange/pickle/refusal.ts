import type { ByteSource } from "../byte_source.ts";

/** A pickle that needs what is not known here. */
export function refused({ name }: ByteSource, what: string): SyntaxError {
  return new SyntaxError(
    `${name} needs ${what}, which is not among the types of a Keras tokenizer or features file; ` +
      "nothing was executed",
  );
}

/** A pickle that cannot be meant as it is. */
export function damaged({ name }: ByteSource, at: number, what: string): SyntaxError {
  return new SyntaxError(`${name} is damaged at byte ${at}: ${what}`);
}
