import { fittingWeights } from "../../lib/models/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";

const weight = (...shape: number[]) => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const decoder = { weightShapes: new Map([["a", [2, 3]], ["b", [3]]]) };

Deno.test("fittingWeights() gives the weights in the decoder's order", () => {
  const [a, b] = [weight(2, 3), weight(3)];
  const fitting = fittingWeights(decoder, new Map([["b", b], ["a", a]]), "x");
  assertEquals([...fitting], [["a", a], ["b", b]]);
});

Deno.test("fittingWeights() of another network names the first difference", () => {
  for (
    const [weights, difference] of [
      [new Map([["a", weight(3, 2)], ["b", weight(3)]]), "a should be [2,3], but is [3,2]"],
      [new Map([["a", weight(2, 3)]]), "b should be [3], but is missing"],
      [
        new Map([["a", weight(2, 3)], ["b", weight(3)], ["c", weight(1)]]),
        'this one has no "c"',
      ],
    ] as const
  ) {
    const { message } = assertThrows(() => fittingWeights(decoder, weights, "FILE"), RangeError);
    assertEquals(message, `FILE is of another network: ${difference}`);
  }
});
