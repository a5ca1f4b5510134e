import type { PhotoSource } from "./read_photo.ts";
import type { RejectRecord } from "./shard_record.ts";

/** Where features come from that fill a cache: an encoder, a file of them. */
export interface FeatureSource {
  /** Shape of one photo's feature. */
  readonly featureShape: readonly number[];
  /** Photos that were rejected for more pixels than an earlier limit are tried again up to these. */
  readonly maxPixels?: number;
  /**
   * The photos' features, or why one has none: one after the other, in the photos' order. Shards
   * may be asked for ahead of their turn, but what belongs to one must not wait for the next.
   *
   * @param shards photos that are stored together
   */
  features(
    shards: AsyncIterable<readonly PhotoSource[]>,
  ): AsyncIterable<Float32Array | RejectRecord>;
}
