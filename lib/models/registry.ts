import { z } from "zod";
import type { FusedOps } from "../nn/mod.ts";
import { bilstmDot } from "./bilstm_dot.ts";
import type { Decoder, DecoderInputs } from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { initInject } from "./init_inject.ts";
import { merge } from "./merge.ts";

/** Every decoder there is, a line each. */
const decoders = [
  merge,
  bilstmDot,
  initInject,
] as const;

type SchemasOf<Kinds extends readonly { settings: unknown }[]> = {
  [Index in keyof Kinds]: Kinds[Index]["settings"];
};

/**
 * Settings of a decoder, by kind.
 *
 * @internal
 */
export const modelSettings = z.discriminatedUnion(
  "kind",
  decoders.map(({ settings }) => settings) as unknown as SchemasOf<typeof decoders>,
);

/** Settings of a decoder. */
export type ModelSettings = z.infer<typeof modelSettings>;

/**
 * The decoder that the settings name.
 *
 * @throws {RangeError} if it cannot take features of that shape
 */
export function createDecoder(
  settings: ModelSettings,
  inputs: DecoderInputs,
  fused?: FusedOps,
): Decoder {
  const found = decoders.find((kind) => kind.settings.shape.kind.value === settings.kind)!;
  return (found as unknown as DecoderKind).create(settings, inputs, fused);
}
