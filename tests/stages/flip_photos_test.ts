import { join } from "node:path";
import { loadConfig } from "../../lib/config/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { flippedDigest, openFeatures } from "../../lib/features/mod.ts";
import { throughFeatures, throughTraining } from "../../lib/stages/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { overheard } from "./made_experiment.ts";
import { madeExperiment, makeSource } from "./made_experiment.ts";

Deno.test({
  name: "training.flipPhotos fills a cache that was made without, for train photos alone",
  ignore: !granted("read", "write", "ffi", "env", "sys", "net", "run"),
  async fn() {
    const data = await Deno.makeTempDir({ prefix: "showtell-test-" });
    try {
      const engine = await startEngine();
      const experiment = async (...overrides: string[]) => {
        const config = await loadConfig({
          overrides: [
            ...["dataset.train=40", "dataset.dev=3", "dataset.test=2", "dataset.size=48"],
            ...["training.epochs=1", "model.embedding=2", "model.units=2", "model.dense=2"],
            ...overrides,
          ],
        });
        return overheard(config, data, engine);
      };
      const plain = await throughFeatures(await experiment());
      const given = await experiment("training.flipPhotos=true");
      const trained = await throughTraining(given);
      assertEquals(trained.features.folder, plain.features.folder);
      assertEquals(trained.features.photos, 45);
      assert(given.lines.some((line) => line.startsWith("Features of 40 photos cached")));
      using reader = await openFeatures(plain.features.folder);
      for (const { digest, split } of await plain.prepared.captions()) {
        assertEquals([reader.has(digest), reader.has(flippedDigest(digest))], [
          true,
          split === "train",
        ]);
      }
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});

Deno.test({
  name: "training.flipPhotos with features from a file is refused before any work",
  ignore: !granted("read", "write", "env", "sys"),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    try {
      const source = join(folder, "source");
      await makeSource(source);
      const data = join(folder, "data");
      const experiment = await madeExperiment(source, data, ["training.flipPhotos=true"]);
      await assertRejects(
        () => throughFeatures(experiment),
        RangeError,
        "features.npz, which has none of flipped photos: set --training.flipPhotos=false",
      );
      assertEquals(experiment.lines, []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
