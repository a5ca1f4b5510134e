/**
 * Photo files to captions, as `caption FOLDER` makes them, in turn with photo files to features, as
 * `features` does: photos a second, random weights. `ratio` is that of the medians.
 */
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { Captioner } from "../lib/captioner/mod.ts";
import { encoderSettings, loadConfig } from "../lib/config/mod.ts";
import { createEncoder } from "../lib/encoders/mod.ts";
import { startEngine } from "../lib/engine/mod.ts";
import { encodePhotos, fillCache, openFeatureCache } from "../lib/features/mod.ts";
import { createDecoder } from "../lib/models/mod.ts";
import { encodedFeatures, PhotoCaptioner } from "../lib/stages/mod.ts";
import { digestFile } from "../lib/storage/mod.ts";
import { fitTokenizer } from "../lib/text/mod.ts";
import { median } from "./median.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string" },
    encoder: { type: "string", default: "mobilenet_v2" },
    limit: { type: "string", default: "2000" },
    rounds: { type: "string", default: "3" },
    words: { type: "string", default: "12" },
  },
});
if (values.images === undefined) throw new Error("--images: a folder of photos");
const names = [...Deno.readDirSync(values.images)].map(({ name }) => name).toSorted();
const photos: { path: string; digest: string }[] = [];
for (const name of names.slice(0, Number(values.limit))) {
  const path = join(values.images, name);
  photos.push({ path, digest: await digestFile(path) });
}
const config = await loadConfig({ file: "flickr8k_mobilenet_v2" });
const { fused } = await startEngine({ say: console.error });
const settings = encoderSettings.parse({ kind: values.encoder, weights: "random" });
const encoder = await createEncoder(settings, { fused });
const { key, featureShape } = encoder;

/** As many words as Flickr8k's captions have. */
const tokenizer = fitTokenizer(
  Array.from({ length: 8480 }, (_, i) => `w${i}`.replace(/\d/g, (digit) => "abcdefghij"[+digit])),
  { ...config.text, minCount: 1 },
);
const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
const decoder = createDecoder(config.model, inputs, fused);
// Random weights hardly ever end a caption: it has as many words as real ones on average.
const decoding = { ...config.decoding, maxLength: Number(values.words) };
const weights = decoder.initialWeights(1);
const captioner = new Captioner({ decoder, weights, tokenizer, featureShape, decoding });

/** Photos a second; processor time, which another load of the machine disturbs less, is printed. */
async function rate(some: typeof photos, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  const processor = ((user + system) / 1000 / some.length).toFixed(2);
  console.error(`${some.length} photos, ${processor} ms of processor time each`);
  return some.length / (performance.now() - began) * 1000;
}

async function features(some: typeof photos): Promise<number> {
  const folder = await Deno.makeTempDir();
  const { precision, shardSize, batchSize } = settings;
  const cache = await openFeatureCache(folder, { key, featureShape, precision, shardSize });
  const source = encodePhotos(encoder, { images: settings, batchSize });
  const found = await rate(some, () => fillCache(cache, some, source));
  await Deno.remove(folder, { recursive: true });
  return found;
}

async function captions(some: typeof photos): Promise<number> {
  const paths = some.map(({ path }) => path);
  const opened = () => Promise.resolve(encodedFeatures(encoder, settings));
  const photoCaptioner = new PhotoCaptioner(captioner, config, opened);
  return await rate(
    some,
    () => Array.fromAsync(photoCaptioner.captionAll(paths, decoding), () => 0),
  );
}

const measured = { features: [] as number[], captions: [] as number[] };
await features(photos.slice(0, 64));
await captions(photos.slice(0, 64));
for (let round = 0; round < Number(values.rounds); round++) {
  measured.features.push(await features(photos));
  measured.captions.push(await captions(photos));
}
const [withFeatures, photosPerSecond] = [median(measured.features), median(measured.captions)];
console.log(JSON.stringify({
  encoder: values.encoder,
  photosPerSecond: Number(photosPerSecond.toFixed(2)),
  featuresPerSecond: Number(withFeatures.toFixed(2)),
  ratio: Number((photosPerSecond / withFeatures).toFixed(2)),
}));
Deno.exit();
