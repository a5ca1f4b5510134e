import { BilstmDotDecoder } from "./bilstm_dot.ts";
import type { Decoder } from "./decoder.ts";
import type { FusedOps } from "../nn/mod.ts";
import { type DecoderInputs, MergeDecoder } from "./merge.ts";
import type { ModelSettings } from "./settings.ts";

const decoders: Record<ModelSettings["kind"], DecoderClass> = {
  merge: MergeDecoder,
  bilstm_dot: BilstmDotDecoder,
};

// The kind has chosen the settings that its class takes.
// deno-lint-ignore no-explicit-any
type DecoderClass = new (settings: any, inputs: DecoderInputs, fused?: FusedOps) => Decoder;

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
  return new decoders[settings.kind](settings, inputs, fused);
}
