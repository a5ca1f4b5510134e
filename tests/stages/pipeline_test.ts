import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { loadConfig } from "../../lib/config/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import { type Experiment, throughEvaluation } from "../../lib/stages/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { countReads } from "../datasets/count_reads.ts";
import { npyOf, npyOfTexts } from "../interchange/npy_file.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import { granted } from "../permissions.ts";

const engine: Engine = { name: "wasm", description: "plain", gpu: false, optimizer: plainAdam };

const photos = Array.from({ length: 20 }, (_, i) => `${i}.jpg`);

/** A data set laid out like Flickr8k, with features from a file, so that no photo is decoded. */
async function makeSource(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "Images"), { recursive: true });
  const rows = photos.map((photo, i) => `${photo},a ${i % 2 ? "red" : "blue"} circle\n`);
  await Deno.writeTextFile(join(folder, "captions.txt"), `image,caption\n${rows.join("")}`);
  for (const photo of photos) await Deno.writeTextFile(join(folder, "Images", photo), photo);
  const matrix = Float32Array.from({ length: 2 * photos.length }, (_, i) => Math.sin(i));
  const features = archiveOf([
    { name: "x.npy", content: npyOf("<f4", [photos.length, 2], matrix) },
    { name: "names.npy", content: npyOfTexts(photos) },
  ]);
  await Deno.writeFile(join(folder, "features.npz"), features);
}

Deno.test({
  name: "throughEvaluation() of a new run reads the source and each photo once, its table once",
  ignore: !granted("read", "write", "ffi", "env", "sys"),
  async fn() {
    await tf.setBackend("cpu");
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    const [source, data] = [join(folder, "source"), join(folder, "data")];
    try {
      await makeSource(source);
      const overrides = [
        "dataset.kind=flickr8k",
        `dataset.source=${source}`,
        'dataset.split={"train": 0.6, "dev": 0.2, "test": 0.2}',
        `encoder.features=${join(source, "features.npz")}`,
        ...["model.embedding=2", "model.units=2", "model.dense=2", "text.minCount=1"],
        ...["training.epochs=1", "decoding.beam=1", "decoding.maxLength=4"],
      ];
      const lines: string[] = [];
      const experiment: Experiment = {
        config: await loadConfig({ overrides }),
        data,
        engine: () => Promise.resolve(engine),
        say: (line) => void lines.push(line),
      };
      const { readFile } = Deno;
      let parsed = 0;
      const reads = await countReads(folder, async () => {
        const counting = Deno.readFile;
        Deno.readFile = (path, ...rest) => {
          if (String(path).endsWith("captions.parquet")) parsed++;
          return counting(path, ...rest);
        };
        const { evaluated } = await throughEvaluation(experiment);
        assertEquals(evaluated?.evaluation.photos, 4);
      });
      assertEquals(Deno.readFile, readFile);
      assertEquals(parsed, 1);
      assertEquals(reads["source/captions.txt"], 1);
      for (const photo of photos) assertEquals(reads[`source/Images/${photo}`], 1, photo);
      for (const stage of ["Data prepared", "Tokenizer built", "Evaluated 4 test photos"]) {
        assertEquals(lines.filter((line) => line.startsWith(stage)).length, 1, lines.join("\n"));
      }

      lines.length = 0;
      await throughEvaluation(experiment);
      for (
        const stage of ["The data set is prepared", "Training is done", "The evaluation is done"]
      ) {
        assert(lines.some((line) => line.startsWith(stage)), lines.join("\n"));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
