import { Run } from "../../lib/run/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name: "RunEvaluation.save() draws BLEU, or whatever scores there are without it",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const run = new Run(folder);
      const bars = async (scores: Record<string, number>) => {
        const place = run.evaluation("shapes-test");
        const given = { split: "test", photos: 1, signature: "", captionsPerSecond: 1, scores };
        await place.save(given, [], { checkpoint: "of this run" });
        assertEquals(await place.read(), given);
        return (await place.readFigures()).scores.data[0].x;
      };
      assertEquals(await bars({ "bleu-1": 0.5, "rouge-l": 0.25 }), ["BLEU-1"]);
      assertEquals(await bars({ "rouge-l": 0.25, "main-shape": 1 }), ["ROUGE-L", "MAIN-SHAPE"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
