import fc from "fast-check";
import {
  bleuBars,
  captionLengths,
  featureHeatMap,
  featureProjection,
  heatMap,
  histogram,
  lossCurves,
  wordFrequencies,
} from "../../lib/plots/mod.ts";
import { principalComponents } from "../../lib/plots/principal_components.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";

Deno.test("lossCurves() marks the epoch of the least validation loss, counted from 1", () => {
  const figure = lossCurves([
    { epoch: 0, loss: 3, val_loss: 3, learning_rate: 1e-3 },
    { epoch: 1, loss: 2, val_loss: 2.5, learning_rate: 1e-3 },
    { epoch: 2, loss: 1, val_loss: 2.75, learning_rate: 5e-4 },
  ]);
  const names = figure.data.map(({ name }) => name);
  assertEquals(names, ["training", "validation", "best: 2.5000, epoch 2", "learning rate"]);
  assertEquals([figure.data[2].x, figure.data[2].y], [[2], [2.5]]);
  assertEquals(figure.data[1].y, [3, 2.5, 2.75]);
  assertEquals(figure.data[3].yaxis, "y2");
  assert("yaxis2" in figure.layout);
});

Deno.test("lossCurves() of a known number of epochs keeps its axes while they come in", () => {
  const lines = [4, 2, 1].map((loss, epoch) => ({
    epoch,
    loss,
    val_loss: loss + 0.5,
    learning_rate: 0.01 / 3 ** epoch,
  }));
  const ranges = [1, 2, 3].map((length) => {
    const { layout } = lossCurves(lines.slice(0, length), { epochs: 3, highest: 5 });
    const axes = layout as Record<string, { range?: number[] }>;
    return [axes.xaxis.range, axes.yaxis.range, axes.yaxis2.range];
  });
  assertEquals(ranges[1], ranges[0]);
  assertEquals(ranges[2], ranges[0]);
  assertEquals(ranges[0].slice(0, 2), [[0.5, 3.5], [0, 5.25]]);
  const empty = lossCurves([], { epochs: 3, highest: 5 }).layout as Record<string, unknown>;
  assertEquals((empty.yaxis as { range: number[] }).range, [0, 5.25]);
});

Deno.test("lossCurves() draws what there is: no validation, no rate, null for NaN, no epochs", () => {
  const figure = lossCurves([{ epoch: 0, loss: null }, { epoch: 1, loss: 2 }]);
  assertEquals(figure.data.map(({ name }) => name), ["training"]);
  assertEquals(figure.data[0].y, [null, 2]);
  assert(!("yaxis2" in figure.layout));
  assertEquals(lossCurves([]).data, []);
});

Deno.test("bleuBars() draws exactly the BLEU scores it is given", () => {
  const figure = bleuBars({ "bleu-1": 0.6, "bleu-2": 0.4, "rouge-l": 0.5 });
  assertEquals(figure.data[0].x, ["BLEU-1", "BLEU-2"]);
  assertEquals(figure.data[0].y, [0.6, 0.4]);
  const two = bleuBars([
    { name: "a", scores: { "bleu-1": 0.5 } },
    { name: "b", scores: { "bleu-1": 0.25 } },
  ]);
  assertEquals(two.data.map(({ name, y }) => [name, y]), [["a", [0.5]], ["b", [0.25]]]);
  assertThrows(
    () => bleuBars({ cider: 1 }),
    RangeError,
    'No score begins with "bleu-": found cider; pass another prefix',
  );
});

Deno.test("captionLengths() counts every caption once", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1 }), (lengths) => {
    const [{ x, y }] = captionLengths(lengths).data as unknown as { x: number[]; y: number[] }[];
    assertEquals(y.reduce((sum, count) => sum + count), lengths.length);
    x.forEach((length, i) => assertEquals(y[i], lengths.filter((l) => l === length).length));
  }));
  assertThrows(() => captionLengths([]), RangeError, "No caption lengths to draw");
});

Deno.test("wordFrequencies() ranks by count and keeps the first and the last word", () => {
  const counts = Array.from({ length: 5000 }, (_, i) => [`w${i}`, i + 1] as const);
  const [words] = wordFrequencies(counts).data as unknown as {
    x: number[];
    y: number[];
    text: string[];
  }[];
  assertEquals([words.x[0], words.y[0], words.text[0]], [1, 5000, "w4999"]);
  assertEquals([words.x.at(-1), words.y.at(-1)], [5000, 1]);
  assert(words.x.length <= 400);
  assert(words.x.every((rank, i) => words.y[i] === 5001 - rank));
});

Deno.test("histogram() counts every finite value once", () => {
  const figure = histogram([0, 0, 1, 2, 2, 2, NaN, Infinity], { bins: 4 });
  assertEquals(figure.data[0].y, [2, 0, 1, 3]);
  assertEquals(histogram([5, 5]).data[0].y, [2, ...new Array(59).fill(0)]);
  assertThrows(() => histogram([NaN]), RangeError, "No finite values to draw");
});

Deno.test("featureHeatMap() draws every value, in full rows wherever the length has such divisors", () => {
  fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 600 }), (values) => {
    const rows = featureHeatMap(values).data[0].z as (number | null)[][];
    assertEquals(new Set(rows.map((row) => row.length)).size, 1);
    assertEquals(
      rows.flat().filter((value) => value !== null),
      values.map((v) => Number(v.toPrecision(5))),
    );
  }));
  for (const [length, columns] of [[160, 16], [1280, 40], [4096, 64], [25088, 224]]) {
    const rows = featureHeatMap(new Float32Array(length)).data[0].z as number[][];
    assertEquals([rows.length * rows[0].length, rows[0].length], [length, columns]);
  }
});

Deno.test("heatMap() leaves empty what a shorter row lacks, and what is not finite", () => {
  assertEquals(heatMap([[1, NaN], [2]]).data[0].z, [[1, null], [2, null]]);
});

Deno.test("wordFrequencies() writes minCount beside its line, and how many words it drops", () => {
  const { layout } = wordFrequencies([["a", 5], ["b", 3], ["c", 1]], { minCount: 4 });
  const [{ text, y }] = layout.annotations as { text: string; y: number }[];
  assertEquals([text, y], ["minCount 4: 2 words are below", Math.log10(4)]);
});

Deno.test("principalComponents() finds the axes of a stretched cloud, largest first", () => {
  const random = new Random(7, "cloud");
  const rows = Array.from(
    { length: 400 },
    () => [random.normal(), 10 * random.normal(), 3 * random.normal()],
  );
  const { coordinates, explained } = principalComponents(rows);
  const mean = [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length);
  // Up to the sample's own tilt, component 1 is column 1 and component 2 is column 2.
  coordinates.forEach(([first, second], i) => {
    assertAlmostEquals(first, rows[i][1] - mean[1], 0.5);
    assertAlmostEquals(second, rows[i][2] - mean[2], 1);
  });
  assertAlmostEquals(explained[0], 100 / 110, 0.03);
  assertAlmostEquals(explained[1], 9 / 110, 0.03);
});

Deno.test("principalComponents() keeps all distances where rows vary in two directions", () => {
  const values = fc.array(
    fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })),
    {
      minLength: 3,
      maxLength: 12,
    },
  );
  fc.assert(fc.property(values, (points) => {
    const rows = points.map(([a, b]) => [a + b, a - b, 2 * b, 1]);
    const { coordinates } = principalComponents(rows);
    const distance = (a: number[], b: number[]) => Math.hypot(...a.map((v, i) => v - b[i]));
    for (let i = 1; i < rows.length; i++) {
      assertAlmostEquals(
        distance(coordinates[0], coordinates[i]),
        distance(rows[0], rows[i]),
        1e-4,
      );
    }
  }));
});

Deno.test("featureProjection() gives each group its own trace and refuses ragged rows", () => {
  const figure = featureProjection([[0, 1], [1, 0], [2, 2]], { groups: ["a", "b", "a"] });
  assertEquals(figure.data.map(({ name, x }) => [name, (x as number[]).length]), [["a", 2], [
    "b",
    1,
  ]]);
  assertThrows(() => featureProjection([[0, 1], [1]]), RangeError, "Row 1 has 1 values");
  assertEquals(featureProjection([[1, 1], [1, 1]]).data[0].x, [0, 0]);
});

Deno.test("figures survive JSON: they hold no undefined, NaN or functions", () => {
  for (
    const figure of [
      lossCurves([{ epoch: 0, loss: 1, val_loss: 2, learning_rate: 1e-3 }]),
      bleuBars({ "bleu-1": 0.5 }),
      captionLengths([3, 4]),
      wordFrequencies([["a", 3], ["b", 1]], { minCount: 2 }),
      histogram([1, 2]),
      featureProjection([[0, 1], [1, 0]]),
    ]
  ) assertEquals(JSON.parse(JSON.stringify(figure)), figure);
});
