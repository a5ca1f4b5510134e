import { Random } from "../../lib/random/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

Deno.test("Random gives equal numbers for equal paths and others for other paths", () => {
  const draw = (...path: (string | number)[]) => {
    const random = new Random(7, ...path);
    return Array.from({ length: 8 }, () => random.bits());
  };
  assertEquals(draw("dropout", 1, 2), draw("dropout", 1, 2));
  assert(draw("dropout", 1, 2).every((bits, i) => bits !== draw("dropout", 2, 1)[i]));
});

Deno.test("Random's uniform and normal have the moments of their distributions", () => {
  const random = new Random(3, "moments");
  const n = 100_000;
  const moments = (draw: () => number) => {
    let sum = 0, squares = 0;
    for (let i = 0; i < n; i++) {
      const x = draw();
      sum += x;
      squares += x * x;
    }
    return [sum / n, squares / n - (sum / n) ** 2];
  };
  const [uniformMean, uniformVariance] = moments(() => random.uniform());
  assert(Math.abs(uniformMean - 0.5) < 0.005 && Math.abs(uniformVariance - 1 / 12) < 0.002);
  const [mean, variance] = moments(() => random.normal());
  assert(Math.abs(mean) < 0.015 && Math.abs(variance - 1) < 0.02);
});

Deno.test("Random.shuffled() keeps every item and does not touch its input", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = new Random(1, "order").shuffled(items);
  assert(shuffled.some((item, i) => item !== items[i]));
  assertEquals(shuffled.toSorted((a, b) => a - b), items);
});

Deno.test("Random.choice() refuses an empty list", () => {
  assertThrows(() => new Random(1).choice([]), RangeError, "empty");
});
