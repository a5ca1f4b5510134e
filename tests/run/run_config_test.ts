import { Run } from "../../lib/run/mod.ts";
import { assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name: "Run.readConfig() of no run, a damaged one, another version: one sentence",
  ignore: !granted("read", "write"),
  async fn() {
    const run = new Run(await Deno.makeTempDir());
    try {
      await assertRejects(() => run.readConfig(), Error, "holds no run");
      for (
        const [text, expected] of [
          ["{", "is damaged"],
          ['{"format":1}', "has format 1, but this version reads 2: train the run again"],
          ['{"format":2,"name":"a","encoder":{}}', '"encoder.kind" is missing'],
        ]
      ) {
        await Deno.writeTextFile(`${run.folder}/config.json`, text);
        await assertRejects(() => run.readConfig(), Error, expected);
      }
    } finally {
      await Deno.remove(run.folder, { recursive: true });
    }
  },
});
