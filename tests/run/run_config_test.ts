import { loadConfig } from "../../lib/config/mod.ts";
import { listRuns, Run } from "../../lib/run/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
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
          [
            '{"format":1}',
            "has format 1, but this version reads 3: train or import the run again, with --overwrite",
          ],
          ['{"format":3,"name":"a","encoder":{}}', "is damaged (it has no checksum)"],
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

Deno.test({
  name: "a run of format 1, whose config has other keys, is refused in one sentence",
  ignore: !granted("read", "write"),
  async fn() {
    const data = await Deno.makeTempDir();
    try {
      const run = Run.named("old", data);
      const config = {
        format: 1,
        name: "old",
        model: { kind: "merge", padding: { places: 34, side: "front" } },
        training: { epochs: 1, activations: 32_000_000 },
      };
      await Deno.mkdir(run.folder, { recursive: true });
      await Deno.writeTextFile(run.paths.config, JSON.stringify(config));
      const sentence = `${run.paths.config} has format 1, but this version reads 3: ` +
        "train or import the run again, with --overwrite";
      const now = await loadConfig({});
      for (const open of [() => run.readConfig(), () => run.check(now), () => run.begin(now)]) {
        assertEquals((await assertRejects(open, Error)).message, sentence);
      }
      assertEquals((await listRuns(data)).map(({ problem }) => problem), [sentence]);
      await run.begin(now, { overwrite: true });
      assertEquals((await run.readConfig()).name, now.name);
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});
