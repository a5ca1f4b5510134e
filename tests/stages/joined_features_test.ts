import { joinedFeatures } from "../../lib/stages/joined_features.ts";
import type { PhotoFeatures } from "../../lib/stages/photo_features.ts";
import { assertEquals } from "../assert.ts";

/** Features that are the photo's number, `size` times, in batches; some photos have none. */
function made(size: number, batch: number, bad: string): PhotoFeatures {
  const feature = (photo: string) => new Array<number>(size).fill(Number(photo));
  return {
    of: (photos) => Promise.resolve(Float32Array.from((photos as string[]).flatMap(feature))),
    async *batches(photos) {
      for (let at = 0; at < photos.length; at += batch) {
        const some = photos.slice(at, at + batch);
        await Promise.resolve();
        yield {
          photos: some.map((path) => ({
            photo: { path },
            ...path === bad && { unusable: { reason: `bad ${size}` } },
          })),
          features: Float32Array.from(some.filter((path) => path !== bad).flatMap(feature)),
        };
      }
    },
    dispose() {},
  };
}

Deno.test("joinedFeatures() puts features side by side, whatever the batches and the unreadable", async () => {
  const joined = joinedFeatures([made(2, 3, "4"), made(1, 2, "7")]);
  assertEquals([...await joined.of(["1", "2"])], [1, 1, 1, 2, 2, 2]);
  const names = Array.from({ length: 70 }, (_, i) => `${i}`);
  const found = [];
  const features = [];
  for await (const batch of joined.batches(names)) {
    found.push(...batch.photos);
    features.push(...batch.features);
  }
  assertEquals(found.map(({ photo: { path } }) => path), names);
  const reasons = found.flatMap(({ photo, unusable }) => unusable ? [photo.path, unusable] : []);
  assertEquals(reasons, ["4", { reason: "bad 2" }, "7", { reason: "bad 1" }]);
  const usable = names.filter((name) => name !== "4" && name !== "7").map(Number);
  assertEquals(features, usable.flatMap((number) => [number, number, number]));
});
