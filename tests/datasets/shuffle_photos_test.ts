import fc from "fast-check";
import { type CaptionRow, captionsByPhoto } from "../../lib/datasets/mod.ts";
import { shufflePhotos } from "../../lib/datasets/shuffle_photos.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

function rows(train: number, dev: number): CaptionRow[] {
  return Array.from({ length: train + dev }, (_, index) => {
    const photo = `${index}.jpg`;
    const split = index < train ? "train" : "dev";
    return [0, 1].map((n) => ({ photo, digest: `d${index}`, caption: `${index} ${n}`, split }));
  }).flat() as CaptionRow[];
}

Deno.test("shufflePhotos() gives each train photo all captions of another, dev stays", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), (train, seed) => {
    const before = rows(train, 3);
    const after = shufflePhotos(before, seed);
    assertEquals(after.slice(2 * train), before.slice(2 * train));
    assertEquals(after.map((row) => row.caption), before.map((row) => row.caption));
    for (const [photo, captions] of captionsByPhoto(after.slice(0, 2 * train))) {
      assertEquals(captions.length, 2);
      const [from, other] = captions.map((row) => row.caption.split(" ")[0]);
      assertEquals(from, other);
      assert(`${from}.jpg` !== photo);
      assertEquals(captions[0].digest, `d${photo.split(".")[0]}`);
    }
  }));
});

Deno.test("shufflePhotos() depends on the seed alone and refuses a single photo", () => {
  assertEquals(shufflePhotos(rows(9, 1), 4), shufflePhotos(rows(9, 1), 4));
  assert(
    JSON.stringify(shufflePhotos(rows(9, 1), 4)) !== JSON.stringify(shufflePhotos(rows(9, 1), 5)),
  );
  assertThrows(() => shufflePhotos(rows(1, 1), 1), RangeError, "shufflePhotos");
});
