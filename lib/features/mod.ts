export { type FeatureCache, type FeatureCacheOptions, openFeatureCache } from "./feature_cache.ts";
export { FeatureReader, openFeatures } from "./feature_reader.ts";
export { fillFeatureCache, type FillOptions, type FillResult } from "./fill_feature_cache.ts";
export type { Manifest, RejectRecord, ShardRecord } from "./manifest.ts";
export type { PhotoSource } from "./read_photo.ts";
export { type FeatureSettings, featureSettings } from "./settings.ts";
