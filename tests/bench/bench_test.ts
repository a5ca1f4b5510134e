/** The programs themselves, on next to nothing. */
import { join } from "node:path";
import { mergeFlopsPerWord } from "../../bench/training_flops.ts";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, run } from "../tasks/task.ts";

Deno.test("mergeFlopsPerWord() counts what a step multiplies", () => {
  const model = modelSettings.parse({ kind: "merge", embedding: 3, units: 5, dense: 7 });
  const { weightShapes } = createDecoder(model, { vocabularySize: 11, featureShape: [13] });
  const lstm = 3 * 4 * 5 + 5 * 4 * 5; // kernel and recurrent kernel
  const words = lstm + 5 * 7 + 7 * 11;
  assertEquals(mergeFlopsPerWord(weightShapes, 4), 3 * 2 * words + 2 * 2 * 13 * 5 / 4);
});

Deno.test({
  name: "bench all, then bench docs: results, table, plot and page",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const figures = (speed: number, more = "") =>
        `echo {"wordsPerSecond":${speed},"photosPerSecond":${speed},"captionsPerSecond":${speed}${more}}`;
      const everyWork = (command: string) =>
        Object.fromEntries(
          ["training", "features", "decoding", "captions"].map((work) => [work, command]),
        );
      const contestants = {
        ours: everyWork(figures(30, ',"shareOfMatrixRate":0.5')),
        Keras: everyWork(figures(20)),
        broken: { training: "cat nothing.txt" },
        absent: { training: "{python} a.py" },
      };
      await Deno.writeTextFile(join(folder, "who.json"), JSON.stringify(contestants));
      const measure = ["all", "--images=.", "--captions=c", "--rounds=1", "--out=out"];
      const all = await run(folder, "bench", ...measure, "--contestants=who.json");
      assertEquals(all.code, 0, all.err);
      assertEquals(all.out.trim(), join(folder, "out", "results.md"));
      assert(all.err.includes("training, batch 64: broken stays open: cat failed (exit code 1): "));
      const table = await Deno.readTextFile(join(folder, "out", "results.md"));
      assertEquals(table.match(/\| 30 +\| 20 \(1\.50\) \| – +\| – +\|/g)?.length, 10, table);
      assert((await Deno.readTextFile(join(folder, "out", "speeds.svg"))).startsWith("<svg"));

      const page = "<!-- made by `deno task bench docs`: begin -->\n\n<!-- end -->\n";
      await Deno.mkdir(join(folder, "docs", "pictures"), { recursive: true });
      await Deno.writeTextFile(join(folder, "docs", "benchmarks.md"), page);
      const docs = await run(folder, "bench", "docs", "--out=out", "--docs=docs");
      assertEquals(docs.code, 0, docs.err);
      const made = await Deno.readTextFile(join(folder, "docs", "benchmarks.md"));
      assert(made.includes(table.trimEnd()), made);
      await Deno.stat(join(folder, "docs", "pictures", "benchmarks.svg"));
    }),
});

Deno.test({
  name: "bench training: words a second, and the share of the machine's matrix rate",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const lines = Array.from({ length: 8 }, (_, i) => `${i}.jpg,a dog runs past ${i % 2} trees`);
      await Deno.writeTextFile(join(folder, "c.csv"), ["image,caption", ...lines].join("\n"));
      const sizes = ["--batch=1", "--steps=2", "--width=4"];
      const { code, out, err } = await run(
        folder,
        "bench",
        "training",
        "--captions=c.csv",
        ...sizes,
        "--rounds=1",
      );
      assertEquals(code, 0, err);
      const { what, figure, ours } = JSON.parse(out.trim().split("\n").at(-1)!);
      assertEquals([what, figure], ["training", "wordsPerSecond"]);
      assert(ours > 0);
      const line = JSON.parse(err.trim().split("\n").at(-1)!);
      assert(line.shareOfMatrixRate > 0 && line.shareOfMatrixRate < 1, err);
    }),
});
