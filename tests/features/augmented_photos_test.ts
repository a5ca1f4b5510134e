import { AugmentedPhotos } from "../../lib/features/mod.ts";
import { randomSquare } from "../../lib/features/augmented_photos.ts";
import { imageSettings } from "../../lib/images/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { sha256 } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test("randomSquare() cuts each square of a photo, and a whole one is the photo", () => {
  const pixels = Uint8Array.from({ length: 3 * 3 * 3 }, (_, i) => i);
  const square = (top: number, left: number) =>
    [[top, left], [top, left + 1], [top + 1, left], [top + 1, left + 1]]
      .flatMap(([row, column]) => [0, 1, 2].map((channel) => 3 * (3 * row + column) + channel));
  const found = new Set(
    Array.from({ length: 60 }, (_, i) => `${randomSquare(pixels, 3, 2, new Random(1, i))}`),
  );
  const all = [square(0, 0), square(0, 1), square(1, 0), square(1, 1)];
  assertEquals([...found].toSorted(), all.map(String).toSorted());
  assertEquals(randomSquare(pixels, 3, 3, new Random(1)), pixels);
});

Deno.test({
  name: "AugmentedPhotos sees a photo anew by its path, the same by the same path",
  ignore: !granted("read", "write", "ffi", "env", "sys"),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const { default: sharp } = await import("sharp");
      const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => 10 * (Math.floor(i / 3) % 8));
      const bytes = await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } }).png()
        .toBuffer();
      const digest = sha256(bytes);
      await Deno.writeFile(`${folder}/${digest}.png`, bytes);
      /** Its feature is the first pixel, and the last one of the row. */
      const encoder = {
        imageSize: 4,
        featureShape: [2],
        encode: (all: Uint8Array, photos: number) =>
          Promise.resolve(
            Float32Array.from({ length: 2 * photos }, (_, i) => all[(i >> 1) * 48 + (i % 2) * 9]),
          ),
      };
      const options = { images: imageSettings.parse({}), scale: 2, seed: 1 };
      const pathOf = (digest: string) => `${folder}/${digest}.png`;
      using photos = new AugmentedPhotos(encoder, { ...options, flip: true, pathOf });
      const seen = async (
        step: number,
        next: string[] = [],
      ) => [...await photos.encode([digest], [0, step], next)];
      const steps = [];
      for (let step = 0; step < 40; step++) steps.push(await seen(step, [digest]));
      for (const [first, last] of steps) assertEquals(Math.abs(last - first), 30);
      const lefts = new Set(steps.map((pair) => Math.min(...pair) / 10));
      assertEquals([...lefts].toSorted(), [0, 1, 2, 3, 4]);
      const mirrored = steps.filter(([first, last]) => first > last).length;
      assert(mirrored > 8 && mirrored < 32, `${mirrored} of 40 are mirrored`);
      assertEquals(await seen(7), steps[7]);
      using plain = new AugmentedPhotos(encoder, { ...options, scale: 1, flip: false, pathOf });
      const [first, last] = await plain.encode([digest], [0], []);
      assert(first < last && first < 10 && last > 60, `all of it is ${first} to ${last}`);
      await assertRejects(() => plain.encode(["0".repeat(64)], [0], []), Error, "is not there");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
