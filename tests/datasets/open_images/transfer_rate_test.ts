import { TransferRate } from "../../../lib/datasets/open_images/transfer_rate.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("TransferRate.describe() tells photos and megabytes a second", () => {
  let time = 0;
  const rate = new TransferRate(() => time);
  const pass = (seconds: number, photos: number, bytes: number) => {
    for (let photo = 0; photo < photos; photo++) {
      time += seconds * 1000 / photos;
      rate.add(bytes);
    }
  };
  pass(2, 40, 300_000);
  assertEquals(rate.describe(), "20 photos/s, 6.0 MB/s");
  assertEquals(rate.describe(), "20 photos/s, 6.0 MB/s", "not renewed at once");
  pass(10, 1000, 100_000); // 40 and 1000 photos in 12 seconds
  assertEquals(rate.describe(), "87 photos/s, 9.3 MB/s");
  for (let second = 0; second < 60; second++) {
    pass(1, 4, 1_000_000);
    rate.describe();
  }
  time += 1000;
  assertEquals(rate.describe(), "3.9 photos/s, 3.9 MB/s"); // the last 30 seconds
});

Deno.test("TransferRate.describe() of nothing yet", () => {
  let time = 0;
  const rate = new TransferRate(() => time);
  time = 1000;
  assertEquals(rate.describe(), "0.0 photos/s, 0.0 MB/s");
});
