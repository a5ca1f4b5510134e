import type { z } from "zod";
import type { FusedOps } from "../nn/mod.ts";
import type { Decoder, DecoderInputs } from "./decoder.ts";

/** A decoder as the registry knows it: everything about it but its name is in its own file. */
export interface DecoderKind<Settings, SettingsInput> {
  /** Schema of the `model` part of a config that chooses it: an object with a literal `kind`. */
  readonly settings: z.ZodType<Settings, SettingsInput>;
  /** @throws {RangeError} if it cannot take features of that shape */
  create(settings: Settings, inputs: DecoderInputs, fused?: FusedOps): Decoder;
}
