import type { Encoder } from "../encoders/mod.ts";
import type { ImageSettings } from "../images/mod.ts";
import type { FeatureCache } from "./feature_cache.ts";
import { fillMissing, type FillResult, recordShard, type ShardPlan } from "./fill_missing.ts";
import { inOrder } from "./in_order.ts";
import type { RejectRecord } from "./manifest.ts";
import { PhotoDecoder } from "./photo_decoder.ts";
import type { PhotoSource } from "./read_photo.ts";
import { ShardWriter } from "./shard_writer.ts";
import type { Listener } from "../listener/mod.ts";

/** How a cache is filled. */
export interface FillOptions extends Listener {
  /** How photos are brought to the encoder's size. */
  images: ImageSettings;
  /** Photos encoded at once. */
  batchSize: number;
}

/**
 * Brings the features of photos into a cache: those that are missing are decoded and encoded, one
 * shard after the other; photos are decoded while others are encoded.
 *
 * A shard and then the manifest are written whole, so that a killed run loses at most one shard.
 * Which photos make up a shard, and which a batch, follows from the order of the photos alone: a run
 * that goes on writes the bytes that an undisturbed one would have. Unreadable photos are kept in
 * the manifest and not tried again.
 *
 * @throws {Error} if another process fills the same cache, or a photo is gone or was changed
 * @throws {RangeError} if the encoder's features are not those of the cache
 */
export async function fillFeatureCache(
  cache: FeatureCache,
  photos: readonly PhotoSource[],
  encoder: Encoder,
  options: FillOptions,
): Promise<FillResult> {
  const { featureShape } = cache.options;
  const { images } = options;
  if (String(encoder.featureShape) !== String(featureShape)) {
    throw new RangeError(
      `The encoder's features are [${encoder.featureShape}], the cache's [${featureShape}]`,
    );
  }
  return await fillMissing(
    cache,
    photos,
    options,
    images,
    (plans) => fill(cache, plans, encoder, options),
  );
}

async function fill(
  cache: FeatureCache,
  plans: ShardPlan[],
  encoder: Encoder,
  options: FillOptions,
): Promise<number> {
  const { batchSize, images, onProgress, signal } = options;
  if (plans.length === 0) return 0;
  using decoder = new PhotoDecoder({ ...images, imageSize: encoder.imageSize });
  const all = plans.flatMap(({ photos }) => photos);
  // Two batches: one is decoded while the other is encoded.
  const decoded = inOrder(all, 2 * batchSize, (photo) => {
    signal?.throwIfAborted();
    return decoder.read(photo);
  });
  let done = 0;
  const next = async (): Promise<Uint8Array | RejectRecord> => {
    const { value } = await decoded.next();
    signal?.throwIfAborted();
    onProgress?.("Features", ++done, all.length);
    return value!;
  };
  onProgress?.("Features", 0, all.length);
  let encoded = 0;
  try {
    for (const plan of plans) {
      const shard = await encodeShard(cache, plan, encoder, batchSize, next);
      await recordShard(cache, await shard.write(plan.file));
      encoded += shard.photos.length;
    }
  } finally {
    await decoded.return(undefined);
  }
  return encoded;
}

async function encodeShard(
  cache: FeatureCache,
  { photos }: ShardPlan,
  encoder: Encoder,
  batchSize: number,
  next: () => Promise<Uint8Array | RejectRecord>,
): Promise<ShardWriter> {
  const photoLength = encoder.imageSize ** 2 * 3;
  const pixels = new Uint8Array(Math.min(batchSize, photos.length) * photoLength);
  const shard = new ShardWriter(cache, photos.length);
  let batch: string[] = [];
  for (const [i, { digest }] of photos.entries()) {
    const result = await next();
    if (result instanceof Uint8Array) {
      pixels.set(result, batch.length * photoLength);
      batch.push(digest);
    } else {
      shard.rejected.push(result);
    }
    if (batch.length === batchSize || (i === photos.length - 1 && batch.length > 0)) {
      const used = pixels.subarray(0, batch.length * photoLength);
      shard.add(batch, await encoder.encode(used, batch.length));
      batch = [];
    }
  }
  return shard;
}
