import {
  bootstrapIntervals,
  CaptionScorer,
  evaluationSettings,
  meanOverPhotos,
  pairedBootstrap,
} from "../../lib/metrics/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";

const SETTINGS = evaluationSettings.parse({}).bootstrap;

/** A metric whose score of a photo is the number that its candidate is. */
const samplerOf = (values: readonly number[]) =>
  meanOverPhotos(values, ([value]) => ({ value: value as number })).sampler(
    values.map((value) => [value]),
  );

function normals(count: number, name: string): number[] {
  const random = new Random(1, name);
  return Array.from({ length: count }, () => random.normal());
}

Deno.test("bootstrapIntervals() of a mean equals 1.96 standard errors either side", () => {
  const values = normals(400, "values");
  const mean = values.reduce((sum, value) => sum + value) / 400;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400;
  const error = Math.sqrt(variance / 400);
  const { low, high } = bootstrapIntervals(samplerOf(values), 400, {
    ...SETTINGS,
    resamples: 4000,
  }).value;
  assertAlmostEquals(low, mean - 1.96 * error, 0.1 * error);
  assertAlmostEquals(high, mean + 1.96 * error, 0.1 * error);
});

Deno.test("bootstrapIntervals() covers the truth as often as it says", () => {
  let covered = 0;
  for (let i = 0; i < 200; i++) {
    const values = normals(60, `world ${i}`);
    const { low, high } = bootstrapIntervals(samplerOf(values), 60, {
      resamples: 300,
      confidence: 0.9,
      seed: i,
    }).value;
    if (low <= 0 && 0 <= high) covered++;
  }
  assert(covered > 165 && covered < 193, `${covered}`); // 180 ± 3 standard deviations
});

Deno.test("bootstrapIntervals() gives the same with the same seed alone, none without resamples", () => {
  const sampler = samplerOf(normals(50, "values"));
  const intervals = (settings = {}) =>
    bootstrapIntervals(sampler, 50, { ...SETTINGS, ...settings });
  assertEquals(intervals(), intervals());
  assert(intervals().value.low !== intervals({ seed: 2 }).value.low);
  assert(intervals({ confidence: 0.5 }).value.low > intervals().value.low);
  assertEquals(intervals({ resamples: 0 }), {});
});

Deno.test("pairedBootstrap() finds a small difference that two intervals would hide", () => {
  const first = normals(300, "photos");
  const noise = normals(300, "noise");
  const second = first.map((value, i) => value + 0.1 + 0.3 * noise[i]);
  const [a, b] = [samplerOf(first), samplerOf(second)];
  const { difference, low, high, p } = pairedBootstrap(a, b, 300, SETTINGS).value;
  assert(low < difference && difference < high && low > 0 && p < 0.01, `${p}`);
  const whole = (sampler: typeof a) => bootstrapIntervals(sampler, 300, SETTINGS).value;
  assert(whole(a).high > whole(b).low);
  const back = pairedBootstrap(b, a, 300, SETTINGS).value;
  assertAlmostEquals(back.difference, -difference, 1e-12);
  assertAlmostEquals(back.p, p, 1e-12);
});

Deno.test("pairedBootstrap() is wrong about no difference as often as its p says", () => {
  let significant = 0;
  for (let i = 0; i < 300; i++) {
    const values = normals(120, `world ${i}`);
    const [a, b] = [values.slice(0, 60), values.slice(60)].map(samplerOf);
    const { p } = pairedBootstrap(a, b, 60, { ...SETTINGS, resamples: 300, seed: i }).value;
    if (p < 0.1) significant++;
  }
  assert(significant > 14 && significant < 50, `${significant}`); // 30 ± 3 standard deviations, or so
});

Deno.test("pairedBootstrap() of the same captions, and of one photo, finds nothing", () => {
  const same = samplerOf(normals(40, "values"));
  assertEquals(pairedBootstrap(same, same, 40, SETTINGS).value, {
    difference: 0,
    low: 0,
    high: 0,
    p: 1,
  });
  assertEquals(pairedBootstrap(samplerOf([1]), samplerOf([2]), 1, SETTINGS).value.p, 1);
});

Deno.test("pairedBootstrap() tests every score of real metrics", () => {
  const references = ["a dog runs on grass", "two girls sit on a wall", "a man rides his bicycle"]
    .map((text) => [text, `${text} today`]);
  const scorer = new CaptionScorer(references, evaluationSettings.parse({}));
  const good = scorer.sampler(references.map(([text]) => text));
  const bad = scorer.sampler(references.map(() => "a dog"));
  const found = pairedBootstrap(good, bad, 3, SETTINGS);
  assertEquals(Object.keys(found), Object.keys(good([0])));
  assert(Object.values(found).every(({ difference, p }) => difference < 0 && p > 0 && p <= 1));
});
