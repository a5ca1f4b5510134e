import {
  encodePhotos,
  fillCache,
  flippedDigest,
  flippedPhoto,
  openFeatureCache,
  openFeatures,
  type PhotoSource,
} from "../../lib/features/mod.ts";
import { flipPixels } from "../../lib/features/flipped_photo.ts";
import { imageSettings } from "../../lib/images/mod.ts";
import { sha256 } from "../../lib/storage/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { FirstPixelEncoder, makeText } from "./made_photos.ts";

Deno.test("flipPixels() mirrors every row, of an even and of an odd width", () => {
  for (const width of [3, 4]) {
    const pixels = Uint8Array.from({ length: 2 * width * 3 }, (_, i) => i);
    const mirrored = [0, 1].flatMap((row) =>
      Array.from({ length: width }, (_, column) => 3 * (row * width + width - 1 - column))
        .flatMap((at) => [at, at + 1, at + 2])
    );
    flipPixels(pixels, width);
    assertEquals([...pixels], mirrored);
  }
});

/** Two photos, from dark on the left to bright on the right. */
async function makeGradients(folder: string): Promise<PhotoSource[]> {
  const { default: sharp } = await import("sharp");
  return await Promise.all([10, 20].map(async (step) => {
    const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => step * (Math.floor(i / 3) % 8));
    const bytes = await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } }).png()
      .toBuffer();
    const path = `${folder}/${step}.png`;
    await Deno.writeFile(path, bytes);
    return { digest: sha256(bytes), path };
  }));
}

Deno.test({
  name: "fillCache() adds features of flipped photos to a cache that has none, beside those it has",
  ignore: !granted("read", "write", "ffi", "env", "sys"),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const photos = [
        ...await makeGradients(folder),
        await makeText(`${folder}/a.jpg`, "no photo"),
      ];
      const fill = async (photos: PhotoSource[], encoder = new FirstPixelEncoder()) => {
        const cache = await openFeatureCache(`${folder}/cache`, {
          key: "first pixel",
          featureShape: [2, 3],
          precision: "float32",
          shardSize: 8,
        });
        const source = encodePhotos(encoder, { images: imageSettings.parse({}), batchSize: 3 });
        const { encoded, cached } = await fillCache(cache, photos, source);
        return { encoded, cached };
      };
      assertEquals(await fill(photos), { encoded: 2, cached: 0 });
      const before = await Deno.readFile(`${folder}/cache/shard-00000.safetensors`);
      const both = [...photos, ...photos.map(flippedPhoto)];
      assertEquals(await fill(both), { encoded: 2, cached: 2 });
      assertEquals(await Deno.readFile(`${folder}/cache/shard-00000.safetensors`), before);
      assertEquals(await fill(both), { encoded: 0, cached: 4 });
      assertEquals(await fill(photos), { encoded: 0, cached: 2 });
      using reader = await openFeatures(`${folder}/cache`);
      const first = (digest: string) => reader.gather([digest])[0];
      assertEquals(photos.slice(0, 2).map(({ digest }) => first(digest)), [0, 0]);
      assertEquals(photos.slice(0, 2).map(({ digest }) => first(flippedDigest(digest))), [70, 140]);
      assertEquals(reader.has(flippedDigest(photos[2].digest)), false);
      await Deno.writeTextFile(photos[0].path, "another");
      await Deno.remove(`${folder}/cache`, { recursive: true });
      await assertRejects(() => fill([flippedPhoto(photos[0])]), Error, "was changed since");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
