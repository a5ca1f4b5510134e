import { amount } from "../../lib/stages/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("amount() has units, and sizes for downloads", () => {
  assertEquals(amount("Features", 1200, 2500), "1,200 of 2,500 photos");
  assertEquals(amount("Epoch 12", 1, 79), "1 of 79 steps");
  assertEquals(amount("Download", 3_100_000, 57_000_000), "3.1 MB of 57 MB");
  assertEquals(amount("Download", 3_100_000, 0), "3.1 MB");
  assertEquals(amount("Anything", 1, 2), "1 of 2");
});
