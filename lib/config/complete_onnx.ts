import { resolve } from "node:path";
import { readPreprocessor } from "../encoders/mod.ts";

type Plain = Record<string, unknown>;

/**
 * Fills in what a config leaves out of how photos reach its ONNX encoder, from the
 * `preprocessor_config.json` beside the file: so the settings are in the run's own config.
 *
 * @param config unchecked; its encoder is changed
 * @param folder where a relative path starts
 * @throws {SyntaxError} if that file is damaged
 */
export async function completeOnnx(
  { encoder }: Plain,
  folder: string,
  say?: (line: string) => void,
): Promise<void> {
  const { kind, weights, mean, std } = (encoder ?? {}) as Plain;
  if (kind !== "onnx" || typeof weights !== "string" || /^https?:/i.test(weights)) return;
  if (mean !== undefined && std !== undefined) return;
  const found = await readPreprocessor(resolve(folder, weights), say);
  for (const [key, value] of Object.entries(found)) {
    const settings = encoder as Plain;
    if (value !== undefined) settings[key] ??= value;
  }
}
