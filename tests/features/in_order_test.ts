import fc from "fast-check";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { inOrder } from "../../lib/features/in_order.ts";

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

Deno.test("inOrder() gives results in order, never more than `ahead` of them unconsumed", async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(delays, fc.integer({ min: 1, max: 5 }), async (delays, ahead) => {
      let started = 0, taken = 0, most = 0;
      const results: number[] = [];
      const work = async (i: number) => {
        most = Math.max(most, ++started - taken);
        await later(delays[i]);
        return i;
      };
      for await (const result of inOrder(delays.keys(), ahead, work)) {
        results.push(result);
        await later(1);
        taken++;
      }
      assertEquals(results, [...delays.keys()]);
      assertEquals(most, Math.min(ahead, delays.length));
    }),
    { numRuns: 20 },
  );
});

Deno.test("inOrder() works while its consumer does", async () => {
  let atWork = 0, seen = 0;
  const work = async () => {
    atWork++;
    await later(5);
    atWork--;
  };
  for await (const _ of inOrder([1, 2, 3, 4, 5, 6], 3, work)) {
    seen = Math.max(seen, atWork);
  }
  assert(seen >= 1, "the next was at work while the last was consumed");
});

Deno.test("inOrder() throws an item's error in its turn, and leaves nothing at work", async () => {
  const results: number[] = [];
  let atWork = 0;
  const work = async (i: number) => {
    atWork++;
    await later(i === 2 ? 0 : 5);
    atWork--;
    if (i === 2) throw new RangeError("two");
    return i;
  };
  const consume = async () => {
    for await (const result of inOrder([0, 1, 2, 3, 4], 3, work)) results.push(result);
  };
  await assertRejects(consume, RangeError, "two");
  assertEquals([results, atWork], [[0, 1], 0]);
});
