export { type FeatureCache, type FeatureCacheOptions, openFeatureCache } from "./feature_cache.ts";
export { FeatureReader, openFeatures } from "./feature_reader.ts";
export { copyFeatures, type CopyOptions, type FeatureStream } from "./copy_features.ts";
export { fillFeatureCache, type FillOptions } from "./fill_feature_cache.ts";
export type { FillResult } from "./fill_missing.ts";
export type { Manifest, RejectRecord, ShardRecord } from "./manifest.ts";
export type { PhotoSource } from "./read_photo.ts";
export { type FeatureSettings, featureSettings } from "./settings.ts";
