import * as tf from "@tensorflow/tfjs";
import { loadConfig } from "../../lib/config/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { createDecoder } from "../../lib/models/mod.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import { openCaptioner, type PhotoCaptioner } from "../../lib/stages/mod.ts";
import { fitTokenizer } from "../../lib/text/mod.ts";
import { recordRun } from "../run/record_run.ts";

/** The plain backend: no native code is needed to caption by features. */
export const engine: Engine = {
  name: "wasm",
  description: "plain",
  gpu: false,
  optimizer: plainAdam,
};

const captions = ["a red circle", "a blue square on grass", "two red squares"];
/** Overrides of the config that make its decoder small. */
export const model = [
  "model.embedding=4",
  "model.units=5",
  "model.dense=4",
  "decoding.maxLength=6",
];
/** Shape of its features. */
export const featureShape = [160]; // as shapes_cnn gives

/** A run's folder with random weights, trained on features of another encoder. */
export async function withRun(
  fn: (run: Run, open: (...overrides: string[]) => Promise<PhotoCaptioner>) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const run = new Run(await Deno.makeTempDir());
  try {
    const config = await loadConfig({ overrides: model });
    const tokenizer = fitTokenizer(captions, { ...config.text, minCount: 1 });
    const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
    await run.writeImported(config, {
      tokenizer,
      weights: createDecoder(config.model, inputs).initialWeights(1),
      learningRate: 0,
      featureShape,
      parameters: 0,
      files: [{ kind: "model", file: "made", sha256: "0".repeat(64) }],
      notes: [],
    });
    await recordRun(run, { featureShape, encoderKey: "another" });
    await fn(run, async (...overrides) => {
      const config = await loadConfig({ overrides: [...model, ...overrides] });
      return await openCaptioner(run, { engine, config });
    });
  } finally {
    await Deno.remove(run.folder, { recursive: true });
  }
}
