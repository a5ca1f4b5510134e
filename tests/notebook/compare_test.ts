import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { differences, loadConfig } from "../../lib/config/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { evaluatedRuns, secondExperiment, wordLights } from "../../lib/notebook/mod.ts";
import { type Experiment, throughTraining } from "../../lib/stages/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import { granted } from "../permissions.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { madeExperiment, makeSource, photos } from "../stages/made_experiment.ts";

/** An experiment of which nothing but the config is looked at. */
async function planned(...overrides: string[]): Promise<Experiment> {
  const config = await loadConfig({ overrides });
  return { config, data: "data", engine: startEngine, say: () => {} };
}

Deno.test({
  name: "secondExperiment() takes attention on the grid of shapes_cnn, and elsewhere another seed",
  ignore: !granted("read"),
  fn: async () => {
    const shapes = await planned("training.epochs=4", "decoding.beam=7");
    const { experiment, difference } = await secondExperiment(shapes);
    const { name, model, training, decoding } = experiment.config;
    const encoder = { layer: undefined, ...experiment.config.encoder };
    assertEquals([name, model.kind, encoder.layer], ["shapes-attention", "attention", "conv4"]);
    assertEquals([training.epochs, decoding.beam], [4, 7]);
    assert(difference.startsWith("shapes-attention: a decoder that "), difference);

    for (
      const other of [
        await planned("encoder.kind=mobilenet_v2", "training.seed=7"),
        await planned("encoder.layer=where", 'model={"kind": "attention"}', "training.seed=7"),
      ]
    ) {
      const { experiment } = await secondExperiment(other);
      assertEquals(differences(other.config, experiment.config), [
        { key: "name", before: "shapes", after: "shapes-seed-8" },
        { key: "training.seed", before: 7, after: 8 },
      ]);
    }
  },
});

Deno.test({
  name: "secondExperiment() keeps paths as written beside those that are resolved",
  ignore: !granted("read"),
  fn: async () => {
    const config = await loadConfig({ overrides: ["encoder.weights=w.h5"] });
    const given = { ...await planned(), written: { config, root: "/root" } };
    const second = (await secondExperiment(given)).experiment;
    const weights = [second.config, second.written!.config].map(({ encoder }) =>
      "weights" in encoder && encoder.weights
    );
    assertEquals(weights, ["/root/w.h5", "w.h5"]);
  },
});

/** A made data set whose features are grids of 2 × 3 regions. */
async function withGrids(fn: (source: string, data: string) => Promise<void>): Promise<void> {
  await tf.setBackend("cpu");
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  const [source, data] = [join(folder, "source"), join(folder, "data")];
  try {
    await makeSource(source);
    const grids = Float32Array.from({ length: photos.length * 24 }, (_, i) => Math.sin(i));
    const features = archiveOf([
      { name: "x.npy", content: npyOf("<f4", [photos.length, 2, 3, 4], grids) },
      { name: "names.npy", content: npyOfTexts(photos) },
    ]);
    await Deno.writeFile(join(source, "features.npz"), features);
    await fn(source, data);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const MODEL = { kind: "attention", embedding: 2, units: 2, regionUnits: 4, heads: 2 };

Deno.test({
  name: "evaluatedRuns() evaluates runs of one data set; wordLights() of each word add up to 1",
  ignore: !granted("read", "write", "ffi", "env", "sys"),
  fn: () =>
    withGrids(async (source, data) => {
      const made = (...more: string[]) =>
        madeExperiment(source, data, [`model=${JSON.stringify(MODEL)}`, ...more]);
      const experiment = await made("name=a");
      await throughTraining(experiment);
      await throughTraining(await made("name=b", "training.seed=2"));
      await throughTraining(
        await made("name=c", 'dataset.split={"train":0.5,"dev":0.2,"test":0.3}'),
      );

      const runs = await evaluatedRuns(experiment, ["a", "b"]);
      assertEquals(runs.map(({ name, on }) => [name, on]), [
        ["a", "flickr8k-test"],
        ["b", "flickr8k-test"],
      ]);
      for (const { photos, evaluation, listed, history } of runs) {
        assertEquals([photos.length, history.length], [evaluation.photos, 1]);
        assertEquals(listed.evaluations["flickr8k-test"], evaluation);
      }
      await assertRejects(
        () => evaluatedRuns(experiment, ["c"]),
        Error,
        "c was trained on another data set than a",
      );
      await assertRejects(() => evaluatedRuns(experiment, ["d"]), Error, 'There is no run "d"');

      const engine = await experiment.engine();
      const said = (i: number, ...words: string[]) => ({
        path: join(source, "Images", photos[i]),
        words: words.map((word) => ({ word })),
      });
      const found = await wordLights(runs[0], [said(0, "a", "circle"), said(1)], engine);
      const [lights, none] = found!;
      assertEquals(none, []);
      assertEquals(lights.map(({ word, rows, columns }) => [word, rows, columns]), [
        ["a", 2, 3],
        ["circle", 2, 3],
      ]);
      for (const { shares } of lights) {
        assertAlmostEquals(shares.reduce((sum, share) => sum + share, 0), 1, 1e-5);
      }
    }),
});
