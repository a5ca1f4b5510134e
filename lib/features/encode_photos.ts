import type { Encoder } from "../encoders/mod.ts";
import { encodeBatches, type EncodeOptions } from "./encode_batches.ts";
import type { FeatureSource } from "./feature_source.ts";
import type { PhotoSource } from "./read_photo.ts";
import type { RejectRecord } from "./shard_record.ts";

/** Features from an encoder, in batches that do not cross the end of a shard. */
export function encodePhotos(encoder: Encoder, options: EncodeOptions): FeatureSource {
  return {
    featureShape: encoder.featureShape,
    maxPixels: options.images.maxPixels,
    features: (shards) => encode(encoder, options, shards),
  };
}

async function* encode(
  encoder: Encoder,
  options: EncodeOptions,
  shards: AsyncIterable<readonly PhotoSource[]>,
): AsyncGenerator<Float32Array | RejectRecord> {
  const size = encoder.featureShape.reduce((size, dimension) => size * dimension, 1);
  for await (const { photos, features } of encodeBatches(encoder, options, shards)) {
    let at = 0;
    for (const { photo: { digest, path }, unusable } of photos) {
      yield unusable === undefined
        ? features.subarray(at, at += size)
        : { digest, photo: path, ...unusable };
    }
  }
}
