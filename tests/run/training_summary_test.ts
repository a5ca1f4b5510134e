import { Run } from "../../lib/run/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name: "Run.readTraining() reads a run of before unigramLoss, and refuses one without training",
  ignore: !granted("read", "write"),
  async fn() {
    const run = new Run(await Deno.makeTempDir());
    try {
      await assertRejects(() => run.readTraining(), Error, "not trained to its end");
      const old = {
        encoderKey: "vgg16-fc2-0123",
        featureShape: [4096],
        parameters: 6,
        epochs: 3,
        bestEpoch: 2,
        wordsPerSecond: 4321.5,
      };
      await Deno.writeTextFile(`${run.folder}/training.json`, JSON.stringify(old));
      assertEquals(await run.readTraining(), old);
    } finally {
      await Deno.remove(run.folder, { recursive: true });
    }
  },
});
