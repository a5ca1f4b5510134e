/**
 * Fills a cache slowly, so that it can be killed or joined: arguments are the cache's and the
 * photos' folders, which photos (all without it), and whether backwards. Prints the photos done so
 * far, then what the filling did.
 */
import { encodePhotos, fillCache, openFeatureCache } from "../../lib/features/mod.ts";
import { imageSettings } from "../../lib/images/mod.ts";
import { FirstPixelEncoder, makePhotos } from "./made_photos.ts";

const [folder, photosFolder, from = "0", to = "60", order = "forwards"] = Deno.args;
const made = (await makePhotos(photosFolder, 60)).slice(Number(from), Number(to));
const photos = order === "backwards" ? made.toReversed() : made;
const encoder = new FirstPixelEncoder(() => new Promise((resolve) => setTimeout(resolve, 30)));
const { featureShape, key } = encoder;
const cache = await openFeatureCache(folder, {
  key,
  featureShape,
  precision: "float32",
  shardSize: 8,
});
const source = encodePhotos(encoder, { images: imageSettings.parse({}), batchSize: 3 });
const { encoded, cached } = await fillCache(cache, photos, source, {
  onProgress: (_, done) => console.log(done),
});
console.log(`encoded ${encoded}, cached ${cached}`);
