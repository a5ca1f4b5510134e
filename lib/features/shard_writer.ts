import { encodeSafetensors } from "../safetensors/mod.ts";
import { sha256, writeFileWhole } from "../storage/mod.ts";
import type { FeatureCache } from "./feature_cache.ts";
import {
  type RejectRecord,
  shardFiles,
  type ShardRecord,
  TENSOR_NAME,
  writeShardRecord,
} from "./shard_record.ts";

/** Largest finite number of float16. */
const LARGEST_FLOAT16 = 65504;

/** Collects the features of one shard and writes it whole. */
export class ShardWriter {
  readonly #photos: string[] = [];
  readonly #rejected: RejectRecord[] = [];
  readonly #cache: FeatureCache;
  readonly #rows: Float32Array | Float16Array;
  readonly #size: number;

  /** @param capacity photos that the shard has at most */
  constructor(cache: FeatureCache, capacity: number) {
    const { featureShape, precision } = cache.options;
    this.#cache = cache;
    this.#size = featureShape.reduce((size, dimension) => size * dimension, 1);
    const array = precision === "float16" ? Float16Array : Float32Array;
    this.#rows = new array(capacity * this.#size);
  }

  /**
   * Adds a photo with its feature.
   *
   * @throws {RangeError} if its length is not the cache's, or a number cannot be stored
   */
  add(digest: string, feature: Float32Array): void {
    if (feature.length !== this.#size) {
      throw new RangeError(`A feature has ${feature.length} numbers, expected ${this.#size}`);
    }
    this.#check(feature);
    this.#rows.set(feature, this.#photos.length * this.#size);
    this.#photos.push(digest);
  }

  /** Adds a photo that has no feature. */
  reject(record: RejectRecord): void {
    this.#rejected.push(record);
  }

  /** Writes the shard's file, then its record. */
  async write(number: number): Promise<ShardRecord> {
    const { folder, options: { key, featureShape } } = this.#cache;
    const shape = [this.#photos.length, ...featureShape];
    const data = this.#rows.subarray(0, this.#photos.length * this.#size);
    const bytes = encodeSafetensors(new Map([[TENSOR_NAME, { shape, data }]]), { key });
    await writeFileWhole(shardFiles(folder, number).shard, bytes);
    const record: ShardRecord = {
      digest: sha256(bytes),
      bytes: bytes.length,
      photos: this.#photos,
      rejected: this.#rejected,
    };
    await writeShardRecord(folder, number, record);
    return record;
  }

  #check(feature: Float32Array): void {
    const half = this.#cache.options.precision === "float16";
    const largest = half ? LARGEST_FLOAT16 : Number.MAX_VALUE;
    for (let i = 0; i < feature.length; i++) { // a callback for each number would be slow
      const number = feature[i];
      if (number <= largest && number >= -largest) continue;
      throw new RangeError(
        half && isFinite(number)
          ? `A feature of ${number} does not fit in float16: set the precision to float32`
          : `The encoder returned a feature of ${number}: its weights or its preprocessing are wrong`,
      );
    }
  }
}
