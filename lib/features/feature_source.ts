import type { PhotoSource } from "./read_photo.ts";
import type { RejectRecord } from "./shard_record.ts";

/** Where the features of a cache come from: an encoder, a file of features. */
export interface FeatureSource {
  /** Shape of one photo's feature. */
  readonly featureShape: readonly number[];
  /** Photos rejected by a lower limit of pixels are tried again up to this one. */
  readonly maxPixels?: number;
  /**
   * The photos' features, or why one has none, one after the other in the photos' order. Shards may
   * be requested ahead, but the features of one must not wait for the next.
   *
   * @param shards photos that are stored together
   */
  features(
    shards: AsyncIterable<readonly PhotoSource[]>,
  ): AsyncIterable<Float32Array | RejectRecord>;
}
