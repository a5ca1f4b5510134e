import * as tf from "@tensorflow/tfjs";
import { loadConfig, networkOf } from "../../lib/config/mod.ts";
import { createEncoder } from "../../lib/encoders/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import type { Run } from "../../lib/run/mod.ts";
import { openCaptioner } from "../../lib/stages/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { makePhotos } from "../features/made_photos.ts";
import { granted } from "../permissions.ts";
import { recordRun } from "../run/record_run.ts";
import { engine, featureShape, model, withRun } from "./with_run.ts";

const ignore = !granted("read", "write", "sys", "env", "ffi");

const test = (name: string, fn: (run: Run) => Promise<void>) =>
  Deno.test({ name, ignore, fn: () => withRun(fn) });

/** Opens a run for photos, with an encoder whose file of weights is gone if `lost`. */
async function open(run: Run, photos: string[], changes: {
  engine?: Engine | Promise<Engine>;
  lost?: boolean;
  said?: string[];
}) {
  const { engine: on = engine, lost = false, said = [] } = changes;
  const config = await loadConfig({
    overrides: lost ? [...model, `encoder.weights=${run.folder}/lost.h5`] : model,
  });
  const say = (line: string) => said.push(line);
  return await openCaptioner(run, { engine: on, config, photos, say });
}

const failing = () => {
  const engine = Promise.reject(new Error("no engine"));
  engine.catch(() => {});
  return engine;
};

async function damage(path: string): Promise<void> {
  await Deno.writeTextFile(path, "{}");
}

test("photos begun beside an engine that fails: its error comes, whatever else fails", async (run) => {
  await damage(run.paths.tokenizer);
  await assertRejects(
    () => open(run, ["gone.jpg"], { engine: failing(), lost: true }),
    Error,
    "no engine",
  );
});

test("photos begun beside damaged files: the decoder's come before the encoder's", async (run) => {
  await recordRun(run, { featureShape, encoderKey: "another" });
  await damage(run.paths.tokenizer);
  await assertRejects(
    () => open(run, ["gone.jpg"], { lost: true }),
    Error,
    "it is not as it was when the training ended",
  );
});

test("photos begun with weights that are gone, or of another training, fail as others do", async (run) => {
  for (
    const [lost, message] of [[true, "there is no file of that name"], [
      false,
      "needs another",
    ]] as const
  ) {
    const opened = await open(run, ["gone.jpg"], { lost });
    await assertRejects(() => opened.loadEncoder(), Error, message);
    await assertRejects(() => Array.fromAsync(opened.captionAll(["gone.jpg"])), Error, message);
    await opened.dispose();
  }
});

test("photos begun while the engine starts: nothing is said before, each caption is the same", async (run) => {
  const tensors = tf.memory().numTensors;
  const encoder = await createEncoder(networkOf((await run.readConfig()).encoder));
  await recordRun(run, { featureShape, encoderKey: encoder.key });
  encoder.dispose();
  const made = await makePhotos(`${run.folder}/photos`, 5);
  const photos = made.map(({ path }) => path).toSpliced(2, 0, `${run.folder}/gone.png`);
  const later = await openCaptioner(run, { engine });
  const expected = await Array.fromAsync(later.captionAll(photos));
  assertEquals(expected.map((one) => "error" in one), [false, false, true, false, false, false]);
  await later.dispose();

  const starting = Promise.withResolvers<Engine>();
  const said: string[] = [];
  const opening = open(run, photos, { engine: starting.promise, said });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assertEquals(said, []);
  starting.resolve(engine);
  const opened = await opening;
  assertEquals(await Array.fromAsync(opened.captionAll(photos)), expected);
  assertEquals(await Array.fromAsync(opened.captionAll(photos)), expected);
  await opened.dispose();
  const unused = await open(run, photos, {});
  await unused.dispose();
  assertEquals(tf.memory().numTensors, tensors);
});
