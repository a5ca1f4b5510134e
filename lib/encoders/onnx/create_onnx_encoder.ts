import type { Listener } from "../../progress/mod.ts";
import { digestJson } from "../../storage/mod.ts";
import type { EncoderSettings } from "../settings.ts";
import { onnxFile } from "./onnx_file.ts";
import { OnnxEncoder } from "./onnx_encoder.ts";
import { loadOnnxruntime } from "./onnxruntime.ts";
import type { OnnxSettings } from "./settings.ts";

/**
 * Makes the encoder that an ONNX file is.
 *
 * @throws {SyntaxError} if the file is not one
 * @throws {RangeError} if size, output or what is taken of it do not go with the network
 * @throws {Error} if the file or onnxruntime cannot be had
 */
export async function createOnnxEncoder(
  settings: EncoderSettings & OnnxSettings,
  listener: Listener,
): Promise<OnnxEncoder> {
  const { path, digest } = await onnxFile(settings, listener);
  const runtime = await loadOnnxruntime(listener);
  const { imageSize, take, rescale, mean, std, fit, kernel, precision } = settings;
  return await OnnxEncoder.load(runtime, path, settings, (layer) => {
    const all = { digest, layer, imageSize, take, rescale, mean, std, fit, kernel, precision };
    return `onnx-${layer.replace(/[^\w.]/g, "_").slice(0, 64)}-${digestJson(all).slice(0, 16)}`;
  });
}
