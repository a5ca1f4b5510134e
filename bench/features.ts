/** Photo files to features: photos a second, random weights. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encoderSettings } from "../lib/config/mod.ts";
import { createEncoder } from "../lib/encoders/mod.ts";
import { encodePhotos, fillCache, openFeatureCache } from "../lib/features/mod.ts";
import { digestFile } from "../lib/storage/mod.ts";
import { startEngine } from "../lib/engine/mod.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string" },
    encoder: { type: "string", default: "mobilenet_v2" },
    limit: { type: "string", default: "320" },
    arithmetic: { type: "string", default: "float32" },
  },
});
if (values.images === undefined) throw new Error("--images: a folder of photos");
const names = [...Deno.readDirSync(values.images)].map(({ name }) => name).toSorted();
const photos = await Promise.all(
  names.slice(0, Number(values.limit)).map(async (name) => {
    const path = join(values.images!, name);
    return { path, digest: await digestFile(path) };
  }),
);
if (photos.length === 0) throw new Error(`--images=${values.images} holds no photos`);
const engine = await startEngine({ say: console.error });
const settings = encoderSettings.parse({
  kind: values.encoder,
  weights: "random",
  arithmetic: values.arithmetic,
});
const encoder = await createEncoder(settings, {
  fused: engine.fused,
  kernels: (measure) => measure(), // as for a new cache of features
  say: console.error,
});
const folder = await Deno.makeTempDir();
const fill = async (part: typeof photos, name: string) => {
  const { featureShape, key } = encoder;
  const { precision, shardSize, batchSize } = settings;
  const options = { key, featureShape, precision, shardSize };
  const cache = await openFeatureCache(join(folder, name), options);
  const began = performance.now();
  await fillCache(cache, part, encodePhotos(encoder, { images: settings, batchSize }));
  return part.length / (performance.now() - began) * 1000;
};
await fill(photos.slice(0, 32), "warm");
const photosPerSecond = await fill(photos, "timed");
await Deno.remove(folder, { recursive: true });
console.log(
  JSON.stringify({
    encoder: values.encoder,
    arithmetic: encoder.arithmetic,
    photosPerSecond: Number(photosPerSecond.toFixed(2)),
  }),
);
Deno.exit();
