import * as tf from "@tensorflow/tfjs";
import { loadConfig } from "../../lib/config/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { createDecoder } from "../../lib/models/mod.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import { openCaptioner, type PhotoCaptioner, photoEncoder } from "../../lib/stages/mod.ts";
import { fitTokenizer } from "../../lib/text/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { recordRun } from "../run/record_run.ts";

const ignore = !granted("read", "write", "sys");

/** The plain backend: no native code is needed to caption by features. */
const engine: Engine = { name: "wasm", description: "plain", gpu: false, optimizer: plainAdam };

const captions = ["a red circle", "a blue square on grass", "two red squares"];
const model = ["model.embedding=4", "model.units=5", "model.dense=4", "decoding.maxLength=6"];
const featureShape = [160]; // as shapes_cnn gives

/** A run's folder with random weights, trained on features of another encoder. */
async function withRun(
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

const test = (name: string, fn: Parameters<typeof withRun>[0]) =>
  Deno.test({ name, ignore, fn: () => withRun(fn) });

test("openCaptioner() captions features, and dispose() leaves no tensor behind", async (run) => {
  const before = tf.memory().numTensors;
  const opened = await openCaptioner(run, { engine });
  const [{ caption }] = await opened.captioner.captionFeatures(new Float32Array(160), 1);
  assert(caption.split(" ").length <= opened.config.decoding.maxLength, caption);
  await opened.dispose();
  assertEquals(tf.memory().numTensors, before);
});

test(
  "openCaptioner() of a checkpoint of another network names the first difference",
  async (_, open) => {
    const error = await assertRejects(
      () => open("model.units=7"),
      RangeError,
      "is of another network",
    );
    assert(/should be \[[\d,]+\], but is \[[\d,]+\]/.test(error.message), error.message);
  },
);

test(
  "captionPhotos() with other encoder weights than the training's is refused",
  async (_, open) => {
    const captioner = await open();
    await assertRejects(
      () => captioner.captionPhotos(["a.jpg"]),
      Error,
      "are not those that this run was trained with",
    );
  },
);

test("openCaptioner() of an unfinished run says to train it first", async (run, open) => {
  await Deno.remove(run.paths.training);
  await assertRejects(() => open(), Error, "no training.json");
});

test("photoEncoder() of features made elsewhere says what captions them", async (run) => {
  const overrides = [...model, "encoder.kind=features"];
  const config = await loadConfig({ overrides });
  const error = await assertRejects(() => photoEncoder(run, config, {}), RangeError, run.folder);
  assert(error.message.includes("--encoder.features=FILE"), error.message);
});

test("photoEncoder() of features of another shape names both shapes", async (run) => {
  const config = await loadConfig({ overrides: [...model, "encoder.kind=mobilenet_v2"] });
  const error = await assertRejects(() => photoEncoder(run, config, {}), RangeError, run.folder);
  assert(error.message.includes("[1280]") && error.message.includes("[160]"), error.message);
});

test("photoEncoder() with other weights than the training's is refused", async (run) => {
  const config = await loadConfig({ overrides: [...model, "encoder.kind=shapes_cnn"] });
  await assertRejects(() => photoEncoder(run, config, {}), Error, "needs another");
});
