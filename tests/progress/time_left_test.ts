import { TimeLeft } from "../../lib/progress/mod.ts";
import { duration } from "../../lib/progress/time_left.ts";
import { assertEquals } from "../assert.ts";

Deno.test("TimeLeft tells nothing until there is a rate, and nothing at the end", () => {
  let now = 0;
  const time = new TimeLeft(100, () => now);
  assertEquals(time.text(100, 300), undefined);
  now = 10_000;
  assertEquals(time.text(100, 300), undefined, "a resumed stage that has done nothing yet");
  assertEquals(time.text(150, 300), "30 s left", "50 in 10 s, 150 to come");
  assertEquals(time.text(300, 300), undefined);
  assertEquals(time.text(200, 0), undefined, "a total that is not known");
});

Deno.test("duration() is rounded up, for people", () => {
  const told = [0.2, 59.5, 99, 100, 3600, 6001].map(duration);
  assertEquals(told, ["1 s", "60 s", "99 s", "2 min", "60 min", "1 h 41 min"]);
});
