import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { ignore, inFolder, json, run, tiny } from "./task.ts";

const test = (name: string, fn: (folder: string) => Promise<void>) =>
  Deno.test({ name, ignore, fn: () => inFolder(fn) });

test("results trains each config with each seed, and keeps what is trained", async (folder) => {
  const wide = { ...tiny, name: "wide", model: { ...tiny.model, units: 24 } };
  await Deno.writeTextFile(`${folder}/wide.json`, JSON.stringify(wide));
  const args = ["--config", "tiny.json", "wide.json", "--seeds=1,2", "--training.epochs=1"]
    .concat("--ensemble", "tiny+wide", "wide");
  const first = await json(folder, "results", ...args);
  assertEquals(
    first.results.map(({ config, seeds }: { config: string; seeds: number[] }) =>
      `${config} ${seeds}`
    ),
    [
      ...["tiny 1", "tiny 2", "wide 1", "wide 2", "tiny+wide 1", "tiny+wide 2"],
      "2 × wide 1,2",
    ],
  );
  assertEquals(first.results.at(-1).run, "data/ensembles/wide_seed1+wide_seed2");
  assertEquals(first.summaries.at(-1).scores["rouge-l"].spread, undefined);
  const [{ config, seeds, scores }] = first.summaries;
  assertEquals([config, seeds], ["tiny", [1, 2]]);
  const each = first.results.slice(0, 2)
    .map(({ scores }: { scores: Record<string, number> }) => scores["rouge-l"]);
  assertEquals(scores["rouge-l"].mean, (each[0] + each[1]) / 2);
  assertEquals(first.compared.map(({ config }: { config: string }) => config), [
    "wide",
    "tiny+wide",
    "2 × wide",
  ]);
  const meanOf = (i: number) => first.summaries[i].scores["rouge-l"].mean;
  const { difference, low, high } = first.compared[1].scores["rouge-l"];
  assertAlmostEquals(difference, meanOf(2) - meanOf(0), 1e-9);
  assert(low <= difference && difference <= high, `${low} ${difference} ${high}`);
  const trained = await Deno.stat(`${folder}/data/runs/tiny_seed2/training.json`);
  const again = await run(folder, "results", ...args);
  assertEquals(again.code, 0, again.err);
  assert(/^tiny +1,2 /m.test(again.out) && /^wide +1,2 /m.test(again.out), again.out);
  const { mtime } = await Deno.stat(`${folder}/data/runs/tiny_seed2/training.json`);
  assertEquals(mtime, trained.mtime);
  const table = await Deno.readTextFile(`${folder}/data/results/results.md`);
  assert(/\| `wide` +\| 1, 2 +\|/.test(table), table);
  assert(/\| against `tiny` +\|/.test(table) && /\| `tiny\+wide` +\| [+-]?0/.test(table), table);
  assert(table.includes("deno task results --config tiny.json wide.json"), table);
});

test("results refuses seeds that are none, configs of one name, and ensembles of others", async (folder) => {
  const seeds = await run(folder, "results", "--config", "tiny.json", "--seeds=1,x");
  assertEquals(seeds.code, 2);
  assert(seeds.err.includes('--seeds: "1,x" is no list of seeds'), seeds.err);
  const names = await run(folder, "results", "--config", "tiny.json", "tiny.json");
  assertEquals(names.code, 2);
  assert(names.err.includes("two configs have one name"), names.err);
  const members = await run(folder, "results", "--config", "tiny.json", "--ensemble", "tiny+big");
  assertEquals(members.code, 2);
  assert(members.err.includes('--ensemble: "big" of "tiny+big" is no config'), members.err);
});
