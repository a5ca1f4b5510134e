import { loadConfig } from "../../lib/config/mod.ts";
import {
  differencesTable,
  readEnsembles,
  readSeeds,
  resultsTable,
  seedConfig,
  type SeedResult,
  summarize,
} from "../../lib/results/mod.ts";
import { meanAndSpread } from "../../lib/results/summarize.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test("readSeeds() reads a list, and refuses what is none", () => {
  assertEquals(readSeeds("1, 2,30"), [1, 2, 30]);
  for (const text of ["", "1,", "1,1", "-1", "1.5", "one"]) {
    assertThrows(() => readSeeds(text), RangeError, "whole numbers");
  }
});

Deno.test("readEnsembles() reads names joined by + and one alone, and refuses others, one twice, one run", () => {
  assertEquals(readEnsembles(["a+b", "c+a+b", "b"], ["a", "b", "c"], 3), [
    { name: "a+b", configs: ["a", "b"] },
    { name: "c+a+b", configs: ["c", "a", "b"] },
    { name: "3 × b", configs: ["b"] },
  ]);
  for (
    const [text, said] of [
      ["a+d", '"d" of "a+d" is no config'],
      ["a", '"a" has one run: give more --seeds'],
      ["a+a", "a config twice"],
    ]
  ) {
    assertThrows(() => readEnsembles([text], ["a", "b"], 1), RangeError, said);
  }
});

Deno.test("differencesTable() has a line for each config after the first", () => {
  const test = { difference: 0.0312, low: 0.0123, high: 0.0498, p: 0.004 };
  const table = differencesTable("a", [
    { config: "b", scores: { "bleu-4": test } },
    { config: "a+b", scores: { "cider-d": { ...test, difference: -0.5 } } },
  ]);
  assertEquals(table.split("\n").map((line) => line.split(/ *\| */).slice(1, -1)), [
    ["against `a`", "bleu-4", "cider-d"],
    table.split("\n")[1].split(/ *\| */).slice(1, -1),
    ["`b`", "+0.0312 [0.0123, 0.0498], p 0.004", "–"],
    ["`a+b`", "–", "-0.5000 [0.0123, 0.0498], p 0.004"],
  ]);
});

Deno.test({
  name: "seedConfig() names the run by its seed; a base among the configs is that of the seed",
  ignore: !granted("read"),
  fn: async () => {
    const config = await loadConfig({});
    const seeded = seedConfig(config, 7, ["shapes"]);
    assertEquals([seeded.name, seeded.training.seed], ["shapes_seed7", 7]);
    assertEquals("from" in seeded.training, false);
    const from = (run: string) =>
      seedConfig({ ...config, name: "b", training: { ...config.training, from: run } }, 7, [
        "shapes",
        "b",
      ]).training.from;
    assertEquals(from("data/runs/shapes"), "data/runs/shapes_seed7");
    assertEquals(from("data/runs/other"), "data/runs/other");
  },
});

Deno.test("meanAndSpread() is the mean and the standard deviation of a sample", () => {
  assertEquals(meanAndSpread([3]), { mean: 3 });
  const { mean, spread } = meanAndSpread([1, 2, 4]);
  assertAlmostEquals(mean, 7 / 3, 1e-12);
  assertAlmostEquals(spread!, Math.sqrt((16 / 9 + 1 / 9 + 25 / 9) / 2), 1e-12);
});

const result = (config: string, seed: number, score: number): SeedResult => ({
  ...{
    config,
    seeds: [seed],
    run: `data/runs/${config}_seed${seed}`,
    on: "dev of made",
    photos: 9,
  },
  ...{ signature: "bleu", scores: { "bleu-4": score }, epochs: 2, seconds: 60, parameters: 1.5e6 },
});

Deno.test("a table has a line for each config, with mean and spread over its seeds", () => {
  const summaries = summarize([result("a", 1, 0.2), result("b", 1, 0.5), result("a", 2, 0.4)]);
  assertEquals(summaries.map(({ config, seeds }) => [config, seeds]), [["a", [1, 2]], ["b", [1]]]);
  const table = resultsTable(summaries, ["Nine photos."]);
  const [head, , a, b] = table.split("\n");
  assert(/\| config +\| seeds \| parameters \| minutes \| bleu-4 +\|/.test(head), head);
  assert(/\| `a` +\| 1, 2 +\| 1.5 M +\| 1.0 +\| 0.3000 ± 0.1414 \|/.test(a), a);
  assert(/\| `b` +\| 1 +\| 1.5 M +\| 1.0 +\| 0.5000 +\|/.test(b), b);
  assert(table.endsWith("\nNine photos.\n"));
});
