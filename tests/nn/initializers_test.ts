import {
  embeddingUniform,
  glorotUniform,
  lstmBias,
  orthogonal,
} from "../../lib/nn/initializers.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
}

Deno.test("orthogonal() gives orthonormal rows", () => {
  for (const [rows, columns] of [[1, 4], [7, 28], [16, 16]]) {
    const matrix = orthogonal([rows, columns], new Random(1, "orthogonal", rows));
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < columns; k++) dot += matrix[i * columns + k] * matrix[j * columns + k];
        assertAlmostEquals(dot, i === j ? 1 : 0, 1e-6);
      }
    }
  }
});

Deno.test("glorotUniform() fills ±√(6 / (inputs + outputs)) evenly", () => {
  const values = glorotUniform([60, 90], new Random(1, "glorot"));
  const limit = Math.sqrt(6 / 150);
  assertEquals(values.length, 5400);
  assert(values.every((x) => Math.abs(x) <= limit));
  assert(Math.max(...values) > 0.99 * limit && Math.min(...values) < -0.99 * limit);
  assertAlmostEquals(variance(values), limit ** 2 / 3, 0.05 * limit ** 2 / 3);
});

Deno.test("embeddingUniform() stays within ±0.05 and fills it", () => {
  const values = embeddingUniform([50, 40], new Random(1, "embedding"));
  assert(values.every((x) => Math.abs(x) <= Math.fround(0.05)));
  assert(Math.max(...values) > 0.049 && Math.min(...values) < -0.049);
});

Deno.test("lstmBias() is one for the forget gate, second of four, and zero elsewhere", () => {
  assertEquals([...lstmBias(2)], [0, 0, 1, 1, 0, 0, 0, 0]);
});
