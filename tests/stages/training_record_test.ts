import { join } from "node:path";
import { readTrainingSummary } from "../../lib/stages/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name: "readTrainingSummary() reads a run of before unigramLoss, and refuses one without training",
  ignore: !granted("read", "write"),
  async fn() {
    const run = await Deno.makeTempDir();
    try {
      await assertRejects(() => readTrainingSummary(run), Error, "not trained to its end");
      const old = {
        encoderKey: "vgg16-fc2-0123",
        featureShape: [4096],
        parameters: 6,
        epochs: 3,
        bestEpoch: 2,
        wordsPerSecond: 4321.5,
      };
      await Deno.writeTextFile(join(run, "training.json"), JSON.stringify(old));
      assertEquals(await readTrainingSummary(run), old);
    } finally {
      await Deno.remove(run, { recursive: true });
    }
  },
});
