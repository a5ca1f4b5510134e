import fc from "fast-check";
import { BatchTime } from "../../../app/queue/batch_time.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../assert.ts";

Deno.test("BatchTime learns a line from batches of different sizes", () => {
  const time = new BatchTime();
  for (let i = 0; i < 200; i++) time.observe(i % 8 + 1, 0.2 + 0.05 * (i % 8 + 1));
  assertAlmostEquals(time.predict(1), 0.25, 1e-3);
  assertAlmostEquals(time.predict(32), 1.8, 1e-2);
});

Deno.test("BatchTime takes all time as the photos' while batches are of one size", () => {
  const time = new BatchTime(0.5);
  for (let i = 0; i < 200; i++) time.observe(1, 0.5);
  assertAlmostEquals(time.predict(4), 2, 1e-6);
});

Deno.test("BatchTime.predict() is never below 0 and never falls with the photos", () => {
  const batches = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 64 }), fc.double({ min: 0, max: 60, noNaN: true })),
  );
  fc.assert(
    fc.property(batches, (batches) => {
      const time = new BatchTime();
      for (const [photos, seconds] of batches) time.observe(photos, seconds);
      for (let photos = 1; photos < 64; photos++) {
        assert(time.predict(photos) >= -1e-9, `${time.predict(photos)}`);
        assert(time.predict(photos + 1) >= time.predict(photos) - 1e-9);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("BatchTime.most() is the largest batch within the time, at least 1", () => {
  const time = new BatchTime();
  for (let i = 0; i < 200; i++) time.observe(i % 8 + 1, 0.2 + 0.05 * (i % 8 + 1));
  assertEquals(time.most(1.001, 32), 16);
  assertEquals(time.most(1.001, 10), 10);
  assertEquals(time.most(0, 32), 1);
});
