/** Fills a cache slowly, so that it can be killed: arguments are the cache's and photos' folders. */
import { fillFeatureCache, openFeatureCache } from "../../lib/features/mod.ts";
import { imageSettings } from "../../lib/images/mod.ts";
import { FirstPixelEncoder, makePhotos } from "./made_photos.ts";

const [folder, photosFolder] = Deno.args;
const photos = await makePhotos(photosFolder, 60);
const encoder = new FirstPixelEncoder(() => new Promise((resolve) => setTimeout(resolve, 30)));
const { featureShape, key } = encoder;
const cache = await openFeatureCache(folder, {
  key,
  featureShape,
  precision: "float32",
  shardSize: 8,
});
await fillFeatureCache(cache, photos, encoder, {
  images: imageSettings.parse({}),
  batchSize: 3,
  onProgress: (_, done) => console.log(done),
});
