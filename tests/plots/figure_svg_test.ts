import fc from "fast-check";
import {
  bleuBars,
  captionLengths,
  featureHeatMap,
  featureProjection,
  type Figure,
  figureSvg,
  heatMap,
  histogram,
  layout,
  lengthShares,
  lossCurves,
  runCurves,
  scoreBars,
  vocabularyCurves,
  wordFrequencies,
} from "../../lib/plots/mod.ts";
import { scaleOf } from "../../lib/plots/svg/scale.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";

const history = [
  { epoch: 0, loss: 3, val_loss: 3.2, learning_rate: 1e-3 },
  { epoch: 1, loss: 2, val_loss: null, learning_rate: 1e-3 },
  { epoch: 2, loss: 1, val_loss: 2.5, learning_rate: 2e-4 },
];

const figures: Record<string, Figure> = {
  lossCurves: lossCurves(history, { epochs: 8 }),
  "lossCurves of one epoch": lossCurves(history.slice(0, 1), { epochs: 8 }),
  "lossCurves of none": lossCurves([], { epochs: 8 }),
  bleuBars: bleuBars([{ name: "a & b", scores: { "bleu-1": 0.5, "bleu-2": 0.25 } }, {
    name: "<c>",
    scores: { "bleu-1": 0.4 },
  }]),
  captionLengths: captionLengths([3, 4, 4, 9]),
  wordFrequencies: wordFrequencies([["a", 300], ["b", 10], ["c", 1]], { minCount: 4 }),
  runCurves: runCurves([{ name: "a", history }, { name: "b", history }], "val_loss"),
  scoreBars: scoreBars([{
    name: "a",
    scores: { "bleu-1": 0.5, "rouge-l": 0.25 },
    intervals: { "bleu-1": { low: 0.4, high: 0.7 }, "rouge-l": { low: 0.2, high: 0.3 } },
  }, { name: "b", scores: { "bleu-1": 0.4 } }], ["bleu-1", "rouge-l"]),
  lengthShares: lengthShares([{ name: "a", lengths: [3, 4, 4] }, { name: "b", lengths: [9] }]),
  vocabularyCurves: vocabularyCurves([{ name: "a", counts: [["a", 30], ["b", 1]] }]),
  histogram: histogram([1, 1, 2, 9], { scale: "log", bins: 5 }),
  featureHeatMap: featureHeatMap(Array.from({ length: 1280 }, (_, i) => i)),
  featureProjection: featureProjection([[0, 1], [1, 0], [2, 2]], { groups: ["a", "b", "a"] }),
};

/** Elements and path commands that stand for values, in the part of the picture that is the plot. */
function drawn(svg: string): { bars: number; points: number; cells: number } {
  const count = (what: string, inside: RegExp) =>
    [...svg.matchAll(inside)].reduce((sum, [part]) => sum + part.split(what).length - 1, 0);
  return {
    bars: count("<rect", /<g class="bar">.*?<\/g>/g),
    points: count("<circle", /<g class="scatter">.*?<\/g>/g) +
      count("<polygon", /<g class="scatter">.*?<\/g>/g),
    cells: count("h1v1h-1z", /<g class="heatmap".*?<\/g>/g),
  };
}

Deno.test("figureSvg() draws every figure: well-formed, no NaN, title and axis titles in it", () => {
  for (const [name, figure] of Object.entries(figures)) {
    const svg = figureSvg(figure)!;
    assert(!/NaN|Infinity|undefined/.test(svg), `${name}: ${svg}`);
    assertWellFormed(svg);
    const { title, xaxis, yaxis } = figure.layout as Record<string, { text: string }>;
    for (const { text } of [title, ...[xaxis, yaxis].map((axis) => titleOf(axis))]) {
      assert(text !== "" && svg.includes(`>${text}</text>`), `${name} has no "${text}"`);
    }
  }
});

function titleOf(axis: unknown): { text: string } {
  return (axis as { title: { text: string } }).title;
}

/** Every element ends, in the right order, and no text holds what would begin one. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, end, name, single] of svg.matchAll(/<(\/?)(\w+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end) assertEquals(open.pop(), name);
    else if (!single) open.push(name);
  }
  assertEquals(open, []);
  assert(!/[<>]/.test(svg.replace(/<\/?\w+(?:\s[^<>]*?)?\/?>/g, "")));
}

Deno.test("figureSvg() draws every value: bars, points, cells", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
    (values) => {
      const bins = new Set(values).size;
      assertEquals(drawn(figureSvg(captionLengths(values))!).bars, bins);
      assertEquals(drawn(figureSvg(featureHeatMap(values))!).cells, values.length);
      const words = values.map((value, i) => [`w${i}`, value] as const);
      const figure = wordFrequencies(words);
      const points = (figure.data[0].x as number[]).length;
      assertEquals(drawn(figureSvg(figure)!).points, points);
      assertEquals(points, values.length);
    },
  ));
  // Epochs without a finite loss have no point; the best one has a star as well.
  assertEquals(drawn(figureSvg(figures.lossCurves)!).points, 3 + 2 + 1);
  assertEquals(drawn(figureSvg(figures.bleuBars)!).bars, 3);
  assertEquals(drawn(figureSvg(figures.scoreBars)!).bars, 3);
  assertEquals(drawn(figureSvg(heatMap([[1, NaN], [2]]))!).cells, 2);
});

Deno.test("figureSvg() draws whiskers from the lower to the upper value", () => {
  const svg = figureSvg(figures.scoreBars)!;
  const ends = [...svg.matchAll(/<path d="M[\d.]+,([\d.]+)V([\d.]+)[^>]*class="whisker"/g)]
    .map(([, low, high]) => [Number(low), Number(high)]);
  const bars = [...svg.matchAll(/<rect [^>]*y="([\d.]+)"[^>]*height="([\d.]+)" fill="#0072b2a0"/g)]
    .map(([, top, height]) => ({ top: Number(top), unit: Number(height) }));
  assertEquals(ends.length, 2);
  // Of 0.5 from 0.4 to 0.7, of 0.25 from 0.2 to 0.3, in parts of the bar's height.
  for (const [i, [down, up]] of [[0.2, 0.4], [0.2, 0.2]].entries()) {
    const { top, unit } = bars[i];
    assertAlmostEquals(ends[i][0], top + down * unit, 0.2);
    assertAlmostEquals(ends[i][1], top - up * unit, 0.2);
  }
});

Deno.test("scaleOf() puts the range's ends at the axis' ends, and every tick between them", () => {
  const ends = fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  );
  fc.assert(fc.property(ends, ([low, size]) => {
    const extent = { low, high: low + size, categories: [], isTight: true };
    const { at, ticks } = scaleOf({}, extent, [300, 20], 40);
    assertAlmostEquals(at(low), 300, 1e-6);
    assertAlmostEquals(at(low + size), 20, 1e-6);
    assert(ticks.length >= 1 && ticks.length <= 8, `${ticks.length} ticks`);
    assert(ticks.every(({ value }) => at(value) <= 300.01 && at(value) >= 19.99));
  }));
  const log = { low: 1, high: 1000, categories: [], isTight: true };
  const labels = scaleOf({ type: "log", dtick: 1 }, log, [0, 300], 40).ticks;
  assertEquals(labels.map(({ label }) => label), ["1", "10", "100", "1,000"]);
});

Deno.test("figureSvg() says by undefined that it cannot draw a kind of trace", () => {
  assertEquals(
    figureSvg({ data: [{ type: "pie", values: [1, 2] }], layout: layout("Pie") }),
    undefined,
  );
  assertEquals(figureSvg({ data: [{ type: "bar" }], layout: layout("No values") }), undefined);
});
