import { z } from "zod";

const channels = z.array(z.number()).length(3);

/**
 * A vision encoder in an ONNX file. What is not set is read from the `preprocessor_config.json` beside
 * the file.
 *
 * @internal
 */
export const onnxSettings = z.strictObject({
  kind: z.literal("onnx").describe("a network in an ONNX file, such as the vision part of CLIP"),
  weights: z.string().min(1).describe(
    "the ONNX file, or its web address; its preprocessor_config.json is read where it lies beside it",
  ).meta({ path: "any" }),
  weightsHosts: z.array(z.string().min(1)).optional().describe(
    "further hosts that the address may redirect to",
  ),
  layer: z.string().min(1).default("auto").describe(
    "name of the output that is the feature; auto: the only one",
  ),
  take: z.enum(["vector", "grid"]).default("vector").describe(
    "of an output with a vector per token: vector is that of the class token, or the mean where " +
      "there is none; grid has those of all patches",
  ),
  imageSize: z.int().min(1).max(2048).default(224).describe(
    "photos are brought to so many pixels a side",
  ),
  rescale: z.number().positive().default(1 / 255).describe("bytes are multiplied by it"),
  mean: channels.describe("subtracted from red, green and blue afterwards"),
  std: channels.describe("what is left of red, green and blue is divided by it"),
  arithmetic: z.literal("float32").default("float32").describe("numbers that are multiplied"),
});

/** A vision encoder in an ONNX file. */
export type OnnxSettings = z.infer<typeof onnxSettings>;

/** Whether an encoder is in an ONNX file. */
export function isOnnx<S extends { kind: string }>(settings: S): settings is S & OnnxSettings {
  return settings.kind === "onnx";
}
