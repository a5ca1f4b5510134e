import { Run } from "../../lib/run/mod.ts";
import { DamagedFileError } from "../../lib/storage/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { recordRun } from "./record_run.ts";

Deno.test({
  name:
    "RunEvaluation.save() draws BLEU, or whatever scores there are without it; no damaged history",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const run = new Run(folder);
      await recordRun(run);
      const bars = async (scores: Record<string, number>) => {
        const place = run.evaluation("shapes-test");
        const given = { split: "test", photos: 1, signature: "", captionsPerSecond: 1, scores };
        await place.save(given, [], { checkpoint: "of this run" });
        assertEquals(await place.read(), given);
        return (await place.readFigures()).scores.data[0].x;
      };
      assertEquals(await bars({ "bleu-1": 0.5, "rouge-l": 0.25 }), ["BLEU-1"]);
      assertEquals(await bars({ "rouge-l": 0.25, "main-shape": 1 }), ["ROUGE-L", "MAIN-SHAPE"]);
      await Deno.mkdir(run.paths.history);
      await assertRejects(
        () => run.evaluation("shapes-test").readFigures(),
        DamagedFileError,
        `${run.paths.history} is damaged (a folder has its name)`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
