import { Run } from "../../lib/run/mod.ts";
import { OtherVersionError } from "../../lib/storage/mod.ts";
import { assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name: "Run.readTraining() refuses a run without training, and what an earlier version wrote",
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
      await assertRejects(
        () => run.readTraining(),
        OtherVersionError,
        `${run.paths.training} has format 0, but this version reads 2: import the run's files again`,
      );
    } finally {
      await Deno.remove(run.folder, { recursive: true });
    }
  },
});
