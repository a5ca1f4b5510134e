/**
 * Prints why an encoder cannot be made, or onnxruntime not be installed, in a process of its own: the
 * environment is that of all tests.
 *
 *     deno run tests/encoders/refusal.ts '{"env": {"HOME": "…"}, "settings": {"kind": "…"}}'
 */
import { encoderSettings } from "../../lib/config/mod.ts";
import { createEncoder, installOnnxruntime } from "../../lib/encoders/mod.ts";

const { env = {}, settings } = JSON.parse(Deno.args[0]);
for (const [name, value] of Object.entries(env)) Deno.env.set(name, value as string);
try {
  if (settings === undefined) await installOnnxruntime();
  else (await createEncoder(encoderSettings.parse(settings))).dispose();
} catch (error) {
  console.log((error as Error).message);
}
