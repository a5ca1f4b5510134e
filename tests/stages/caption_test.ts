import * as tf from "@tensorflow/tfjs";
import { loadConfig } from "../../lib/config/mod.ts";
import { openCaptioner, photoEncoder } from "../../lib/stages/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { engine, model, withRun } from "./with_run.ts";

const ignore = !granted("read", "write", "sys");

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
