import type { z } from "zod";
import type { FusedOps } from "../nn/mod.ts";
import type { Decoder, DecoderInputs } from "./decoder.ts";

/** A decoder as the registry knows it: everything about it but its settings is in its own file. */
export interface DecoderKind<
  Schema extends z.ZodObject<{ kind: z.ZodLiteral<string> }> = z.ZodObject<
    { kind: z.ZodLiteral<string> }
  >,
> {
  /** The `model` part of a config that chooses it, told by its literal `kind`. */
  readonly settings: Schema;
  /** @throws {RangeError} if it cannot take features of that shape */
  create(settings: z.infer<Schema>, inputs: DecoderInputs, fused?: FusedOps): Decoder;
}
