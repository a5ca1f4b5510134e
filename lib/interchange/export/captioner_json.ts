import { captionerFileToJson, type EncoderFile } from "../../captioner/mod.ts";
import { type NetworkEncoder, networkOf } from "../../config/mod.ts";
import type { ExportedNetwork, ExportedRun } from "./exported_run.ts";

/** Files of an export for a web page that its `captioner.json` names. */
export const WEB_FILES = {
  weights: "decoder/weights.safetensors",
  tokenizer: "vocabulary/showtell_tokenizer.json",
  encoder: "encoder/model.json",
};

/** The `captioner.json` of an export for a web page. */
export function captionerJson(run: ExportedRun, network: ExportedNetwork | undefined): string {
  const { model: settings, featureShape, decoding, encoder } = run;
  return captionerFileToJson({
    decoder: { weights: WEB_FILES.weights, featureShape, settings },
    tokenizer: WEB_FILES.tokenizer,
    decoding,
    encoder: network === undefined ? null : encoderPart(networkOf(encoder), network),
  });
}

function encoderPart(
  { kind, layer, imageSize, fit, kernel }: NetworkEncoder,
  { key, architecture }: ExportedNetwork,
): EncoderFile {
  return {
    model: WEB_FILES.encoder,
    kind,
    layer,
    key,
    imageSize,
    fit,
    kernel,
    preprocessing: architecture.preprocessing,
  };
}
