import { assert, assertEquals, assertRejects } from "../assert.ts";
import { PixelBudget } from "../../lib/images/pixel_budget.ts";

Deno.test("PixelBudget.run() keeps the pixels at work within the budget and loses none", async () => {
  const budget = new PixelBudget(100);
  let atWork = 0, most = 0, running = 0, together = 0;
  const order: number[] = [];
  const sizes = [10, 60, 60, 30, 250, 10, 10, 100, 1];
  await Promise.all(sizes.map((pixels, i) =>
    budget.run(pixels, async () => {
      order.push(i);
      atWork += Math.min(pixels, 100);
      together = Math.max(together, ++running);
      most = Math.max(most, atWork);
      await new Promise((resolve) => setTimeout(resolve, 2));
      atWork -= Math.min(pixels, 100);
      running--;
    })
  ));
  assert(most <= 100 && together >= 2);
  assertEquals(order, [...sizes.keys()]);
});

Deno.test("PixelBudget.run() gives the room back when a task fails", async () => {
  const budget = new PixelBudget(5);
  await assertRejects(() => budget.run(9, () => Promise.reject(new RangeError("no"))), RangeError);
  assertEquals(await budget.run(5, () => Promise.resolve(1)), 1);
});
