import fc from "fast-check";
import { lengthShares, runCurves, scoreBars, vocabularyCurves } from "../../lib/plots/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";

Deno.test("scoreBars() draws each run's scores, with the intervals' ends as whiskers", () => {
  const { data, layout } = scoreBars([
    {
      name: "a",
      scores: { "bleu-4": 0.25, "cider-d": 0.5, x: 9 },
      intervals: { "bleu-4": { low: 0.125, high: 0.5 }, "cider-d": { low: 0.5, high: 1.5 } },
    },
    { name: "b", scores: { "bleu-4": 0.75 } },
  ], ["bleu-4", "cider-d"]);
  assertEquals(data.map(({ name, y }) => [name, y]), [["a", [0.25, 0.5]], ["b", [0.75, null]]]);
  assertEquals(data[0].x, ["BLEU-4", "CIDEr-D"]);
  const { array, arrayminus } = data[0].error_y as { array: number[]; arrayminus: number[] };
  assertEquals([array, arrayminus], [[0.25, 1], [0.125, 0]]);
  assertEquals(data[1].error_y, undefined);
  const { range } = layout.yaxis as { range: number[] };
  assert(range[0] === 0 && range[1] >= 1.5, "whiskers are within the axis");
  assertThrows(
    () => scoreBars([{ name: "a", scores: { x: 1 } }], ["bleu-4"]),
    RangeError,
    "No run has a score of these names: bleu-4",
  );
});

Deno.test("runCurves() marks each run's best epoch, and leaves out runs without the figure", () => {
  const epochs = (values: (number | null)[]) =>
    values.map((value, epoch) => ({ epoch, loss: 1, "val_cider-d": value }));
  const runs = [
    { name: "a", history: epochs([0.25, 0.75, 0.5]) },
    { name: "none", history: [{ epoch: 0, loss: 1 }] },
    { name: "b", history: epochs([null, 1]) },
  ];
  const most = runCurves(runs, "val_cider-d", { best: "largest" }).data;
  assertEquals(most.map(({ x, y }) => [x, y]), [
    [[1, 2, 3], [0.25, 0.75, 0.5]],
    [[2], [0.75]],
    [[2], [1]],
    [[2], [1]],
  ]);
  assertEquals(most.map(({ name }) => name), ["a, best 0.7500", "", "b, best 1.0000", ""]);
  assertEquals(runCurves(runs, "val_cider-d").data[1].x, [1]);
  // Runs keep their colours whichever figure is drawn.
  const colour = (figure: string, name: string) =>
    runCurves(runs, figure).data.find((trace) => trace.name?.startsWith(name))!.line;
  assertEquals(colour("val_cider-d", "b"), colour("loss", "b"));
  assertThrows(() => runCurves(runs, "val_loss"), RangeError, 'No run\'s history has "val_loss"');
});

Deno.test("lengthShares() of each group adds up to 100 %, with its mean", () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1 });
  fc.assert(fc.property(lengths, lengths, (a, b) => {
    const { data } = lengthShares([{ name: "a", lengths: a }, { name: "b", lengths: b }]);
    for (const [i, { x, y, name }] of data.entries()) {
      const [places, shares, given] = [x as number[], y as number[], [a, b][i]];
      assertAlmostEquals(shares.reduce((sum, share) => sum + share), 100, 1e-9);
      const mean = shares.reduce((sum, share, j) => sum + share * places[j] / 100, 0);
      assertAlmostEquals(mean, given.reduce((sum, each) => sum + each, 0) / given.length, 1e-9);
      assertEquals(name, `${"ab"[i]}, mean ${mean.toFixed(1)}`);
    }
    assertEquals(data[0].x, data[1].x);
  }));
  assertThrows(
    () => lengthShares([{ name: "a", lengths: [] }]),
    RangeError,
    "No caption lengths of a to draw",
  );
});

Deno.test("vocabularyCurves() ends at the number of different words, counted in a thousand", () => {
  const { data } = vocabularyCurves([
    { name: "a", counts: [["rare", 1], ["often", 3]] },
    { name: "b", counts: Array.from({ length: 1500 }, (_, i) => [`w${i}`, 1] as const) },
  ]);
  assertEquals([data[0].x, data[0].y, data[0].text], [[1, 2], [750, 250], ["often", "rare"]]);
  assertEquals((data[1].x as number[]).at(-1), 1500);
  assert((data[1].x as number[]).length <= 200);
  assertEquals(data.map(({ name }) => name), ["a, 2 words", "b, 1,500 words"]);
  assertThrows(
    () => vocabularyCurves([{ name: "a", counts: [] }]),
    RangeError,
    "No words of a to draw",
  );
});
