import fc from "fast-check";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const drawBits = (seed: number, ...path: (string | number)[]) => {
  const random = new Random(seed, ...path);
  return Array.from({ length: 8 }, () => random.bits());
};

Deno.test("Random gives equal numbers for equal paths and others for other paths", () => {
  const draw = drawBits;
  assertEquals(draw(7, "dropout", 1, 2), draw(7, "dropout", 1, 2));
  const others = [
    draw(8, "dropout", 1, 2),
    draw(7, "dropout", 2, 1),
    draw(7, "dropout", 12),
    draw(7, "dropout", "1", 2),
    draw(7, "dropout,1", 2),
    draw(7, "dropout", 1, 2, 0),
    draw(-7, "dropout", 1, 2),
    draw(7 + 2 ** 40, "dropout", 1, 2),
  ];
  for (const other of others) {
    assert(draw(7, "dropout", 1, 2).every((bits, i) => bits !== other[i]));
  }
});

Deno.test("Random's numbers are those of the first release: runs can be repeated later", () => {
  assertEquals(drawBits(1, "order", 0).slice(0, 3), [1969862663, 513646253, 1895434072]);
});

Deno.test("Random.bits() are 32 unsigned bits, each of them even", () => {
  const random = new Random(1, "bits");
  const ones = new Array<number>(32).fill(0);
  const n = 20_000;
  for (let i = 0; i < n; i++) {
    const bits = random.bits();
    assert(Number.isInteger(bits) && bits >= 0 && bits < 2 ** 32);
    for (let k = 0; k < 32; k++) ones[k] += (bits >>> k) & 1;
  }
  // Five standard deviations.
  for (const count of ones) assert(Math.abs(count - n / 2) < 5 * Math.sqrt(n / 4), `${ones}`);
});

Deno.test("Random of neighbouring paths have nothing in common", () => {
  // First draws of steps 0, 1, 2, …: their mean and the products of neighbours.
  const first = Array.from({ length: 20_000 }, (_, i) => new Random(1, "step", i).uniform());
  const mean = first.reduce((sum, x) => sum + x) / first.length;
  assert(Math.abs(mean - 0.5) < 0.01, `${mean}`);
  const product = first.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * (first[i] - 0.5), 0);
  assert(Math.abs(product / first.length * 12) < 0.035, `${product / first.length * 12}`);
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

Deno.test("Random.integer() stays in [low, high) and reaches all of it evenly", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }), (
      seed,
      low,
      width,
    ) => {
      const random = new Random(seed, "integer");
      const counts = new Map<number, number>();
      for (let i = 0; i < 100 * width; i++) {
        const x = random.integer(low, low + width);
        counts.set(x, (counts.get(x) ?? 0) + 1);
      }
      assertEquals(
        [...counts.keys()].toSorted((a, b) => a - b),
        Array.from({ length: width }, (_, i) => low + i),
      );
      assert([...counts.values()].every((count) => count > 30), `${[...counts]}`);
    }),
    { seed: 1, numRuns: 50 }, // chance is no friend of a count
  );
});

Deno.test("Random.shuffled() keeps every item and does not touch its input", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = new Random(1, "order").shuffled(items);
  assert(shuffled.some((item, i) => item !== items[i]));
  assertEquals(shuffled.toSorted((a, b) => a - b), items);
  assertEquals(items, Array.from({ length: 50 }, (_, i) => i));
});

Deno.test("Random.shuffled() gives every order alike", () => {
  const random = new Random(1, "orders");
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffled(["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  // Five standard deviations of 6,000 draws from six.
  for (const count of counts.values()) {
    assert(Math.abs(count - 1000) < 5 * Math.sqrt(6000 * 5 / 36));
  }
});

Deno.test("Random.choice() draws every item, and refuses an empty list", () => {
  const random = new Random(1, "choice");
  const drawn = new Set(Array.from({ length: 100 }, () => random.choice(["a", "b", "c"])));
  assertEquals([...drawn].toSorted(), ["a", "b", "c"]);
  assertThrows(() => new Random(1).choice([]), RangeError, "empty");
});
