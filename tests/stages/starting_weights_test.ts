import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { createDecoder } from "../../lib/models/mod.ts";
import { startingWeights, throughTraining } from "../../lib/stages/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { madeExperiment, makeSource } from "./made_experiment.ts";

Deno.test({
  name:
    "training.wordVectors: the embedding starts from them, and with trainEmbedding false stays so",
  ignore: !granted("read", "write", "ffi", "env", "sys"),
  async fn() {
    await tf.setBackend("cpu");
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    try {
      const [source, data] = [join(folder, "source"), join(folder, "data")];
      const path = join(folder, "vectors.txt");
      await makeSource(source);
      await Deno.writeTextFile(path, "red 5 6\nblue 7 8\nzebra 1 2\n<unk> 9 9\n");
      const experiment = (...overrides: string[]) =>
        madeExperiment(source, data, [`training.wordVectors=${path}`, ...overrides]);
      const given = await experiment("model.trainEmbedding=false");
      const { run } = await throughTraining(given);
      const said = given.lines.filter((line) => line.startsWith("Word vectors"));
      assertEquals(said, [
        `Word vectors of 2 words are from ${path}, which has 4 words; 2 that it lacks ` +
        '(such as "a", "circle") and the markers start at random',
      ]);
      const tokenizer = await run.readTokenizer();
      const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape: [2] };
      const decoder = createDecoder(given.config.model, inputs);
      const name = "embedding/embeddings";
      const trained = (await run.readWeights(decoder)).get(name)!.data;
      const initial = decoder.initialWeights(1).get(name)!.data;
      const vectors: Record<string, number[]> = { red: [5, 6], blue: [7, 8] };
      for (const [index, { word }] of tokenizer.words.entries()) {
        const row = [...initial.subarray(2 * index, 2 * index + 2)];
        assertEquals([...trained.subarray(2 * index, 2 * index + 2)], vectors[word] ?? row, word);
      }

      const wide = await experiment("name=moved", "model.dense=16");
      const movable = createDecoder(wide.config.model, inputs);
      const { run: movedRun } = await throughTraining(wide);
      const moved = (await movedRun.readWeights(movable)).get(name)!.data;
      const red = 2 * tokenizer.words.findIndex(({ word }) => word === "red");
      assert(moved[red] !== 5 && Math.abs(moved[red] - 5) < 0.1, `${moved[red]}`);

      // The same config on another file is trained from scratch.
      await Deno.writeTextFile(path, "red 1 2\n");
      const again = await experiment("model.trainEmbedding=false");
      const { run: other } = await throughTraining(again);
      assertEquals((await other.readWeights(decoder)).get(name)!.data[red], 1);

      await Deno.writeTextFile(path, "zebra 1 2\n");
      await assertRejects(
        () => startingWeights(given, { decoder, tokenizer, encoderKey: "" }),
        Error,
        `${path} has none of the 4 words of the vocabulary (such as "a")`,
      );
      await Deno.remove(path);
      await assertRejects(
        async () => throughTraining(await experiment("name=gone")),
        Deno.errors.NotFound,
        "There is no file",
      );
      await assertRejects(
        () => experiment("training.from=data/runs/other"),
        Error,
        '"training.wordVectors"',
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
