/** Prints why an ONNX encoder cannot be made in a process that has no onnxruntime and may start nothing. */
import { encoderSettings } from "../../../lib/config/mod.ts";
import { createEncoder } from "../../../lib/encoders/mod.ts";

const settings = { kind: "onnx", weights: Deno.args[0], mean: [0, 0, 0], std: [1, 1, 1] };
try {
  await createEncoder(encoderSettings.parse(settings));
} catch (error) {
  console.log((error as Error).message);
}
