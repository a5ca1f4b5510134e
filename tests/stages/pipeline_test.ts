import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { throughEvaluation } from "../../lib/stages/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { countReads } from "../datasets/count_reads.ts";
import { granted } from "../permissions.ts";
import { madeExperiment, makeSource, photos } from "./made_experiment.ts";

Deno.test({
  name: "throughEvaluation() of a new run reads the source and each photo once, its table once",
  ignore: !granted("read", "write", "ffi", "env", "sys"),
  async fn() {
    await tf.setBackend("cpu");
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    const [source, data] = [join(folder, "source"), join(folder, "data")];
    try {
      await makeSource(source);
      const experiment = await madeExperiment(source, data);
      const { lines } = experiment;
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
