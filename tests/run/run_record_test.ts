import { Run } from "../../lib/run/mod.ts";
import { OtherVersionError } from "../../lib/storage/mod.ts";
import { assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name: "Run.readTraining() refuses a run without training, and what an earlier version wrote",
  ignore: !granted("read", "write"),
  async fn() {
    const data = await Deno.makeTempDir();
    const run = Run.named("old", data);
    try {
      await Deno.mkdir(run.folder, { recursive: true });
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
        `${run.paths.training} has format 0, but this version reads 2: \`deno task train ` +
          `--config=${run.paths.config} --overwrite\` trains the run again`,
      );
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});
