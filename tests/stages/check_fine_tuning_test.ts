import * as tf from "@tensorflow/tfjs";
import { loadConfig } from "../../lib/config/mod.ts";
import { checkGradients } from "../../lib/stages/check_fine_tuning.ts";
import { assertThrows } from "../assert.ts";
import { engine } from "./with_run.ts";

Deno.test("encoder.fineTune on an engine without gradients of convolutions is refused", async () => {
  const before = tf.getBackend() ?? "cpu";
  tf.registerBackend("bare", () => Object.assign(new tf.KernelBackend(), { dispose() {} }));
  try {
    await tf.setBackend("bare");
    const config = (...overrides: string[]) =>
      loadConfig({ overrides: ["encoder.fineTune.after=pool3", ...overrides] });
    const asked = await config();
    assertThrows(
      () => checkGradients(asked, engine),
      RangeError,
      "The engine wasm has no gradients of convolutions, which encoder.fineTune needs: take " +
        "SHOWTELL_ENGINE=tensorflow",
    );
    checkGradients(await loadConfig({}), engine);
    checkGradients(await config("encoder.fineTune.learningRate=0"), engine);
    await tf.setBackend("cpu");
    checkGradients(asked, engine);
  } finally {
    await tf.setBackend(before);
    tf.removeBackend("bare");
  }
});
