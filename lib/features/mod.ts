/**
 * The cache of photos' features on disk: filled from an encoder or a file, read by photo.
 *
 * @module
 */
export { encodeBatches, type EncodedBatch, type EncodeOptions } from "./encode_batches.ts";
export { AugmentedPhotos } from "./augmented_photos.ts";
export type { CheckedShards } from "./checked_shards.ts";
export { encodePhotos } from "./encode_photos.ts";
export { type FeatureCache, type FeatureCacheOptions, openFeatureCache } from "./feature_cache.ts";
export { FeatureReader, openFeatures } from "./feature_reader.ts";
export type { FeatureSource } from "./feature_source.ts";
export { fillCache, type FillResult } from "./fill_cache.ts";
export { flippedDigest, flippedPhoto } from "./flipped_photo.ts";
export type { Manifest } from "./manifest.ts";
export { meanFeatures } from "./mean_features.ts";
export { NearestFeatures, type NearPhoto } from "./nearest_features.ts";
export type { PhotoFile, PhotoSource, UnusablePhoto } from "./read_photo.ts";
export { recordedOneDnn } from "./recorded_one_dnn.ts";
export { featureSettings } from "./settings.ts";
export { lockCache } from "./shard_claims.ts";
export type { RejectRecord, ShardRecord } from "./shard_record.ts";
