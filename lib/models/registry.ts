import { z } from "zod";
import type { FusedOps } from "../nn/mod.ts";
import { attention } from "./attention.ts";
import { bilstmDot } from "./bilstm_dot.ts";
import type { Decoder, DecoderInputs } from "./decoder.ts";
import type { DecoderKind } from "./decoder_kind.ts";
import { initInject } from "./init_inject.ts";
import { merge } from "./merge.ts";
import { parInject } from "./par_inject.ts";
import { transformer } from "./transformer.ts";

/** Every decoder, a line each, by the `kind` of its settings. */
export const decoders = {
  merge,
  bilstm_dot: bilstmDot,
  init_inject: initInject,
  par_inject: parInject,
  attention,
  transformer,
};

/** Schema of the settings of any decoder. */
export type SchemaOfAny = (typeof decoders)[keyof typeof decoders]["settings"];

/** Settings of a decoder, by kind. */
export type ModelSettings = z.output<SchemaOfAny>;

/** Settings of a decoder as they are written: what is left out gets its default. */
export type ModelSettingsInput = z.input<SchemaOfAny>;

/**
 * Schema of {@linkcode ModelSettings}: the `model` part of a config.
 *
 * @internal
 */
export const modelSettings: z.ZodType<ModelSettings, ModelSettingsInput> = z.discriminatedUnion(
  "kind",
  Object.values(decoders).map(({ settings }) => settings) as unknown as [
    z.ZodObject<{ kind: z.ZodLiteral<ModelSettings["kind"]> }>,
  ],
) as unknown as z.ZodType<ModelSettings, ModelSettingsInput>;

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
  const { create } = decoders[settings.kind] as DecoderKind<ModelSettings, ModelSettingsInput>;
  return create(settings, inputs, fused);
}
