import { join } from "node:path";
import { encodeSafetensors } from "../safetensors/mod.ts";
import { sha256, writeFileWhole } from "../storage/mod.ts";
import type { FeatureCache } from "./feature_cache.ts";
import { type RejectRecord, type ShardRecord, tensorName } from "./manifest.ts";

/** The largest number of float16. */
const largestHalf = 65504;

/** Collects the features of one shard and writes it whole. */
export class ShardWriter {
  /** Digests of the photos added. */
  readonly photos: string[] = [];
  /** Photos that would be in it. */
  readonly rejected: RejectRecord[] = [];
  readonly #rows: Float32Array | Float16Array;
  readonly #size: number;

  /** @param capacity photos that the shard has at most */
  constructor(readonly cache: FeatureCache, capacity: number) {
    const { featureShape, precision } = cache.options;
    this.#size = featureShape.reduce((size, dimension) => size * dimension, 1);
    const array = precision === "float16" ? Float16Array : Float32Array;
    this.#rows = new array(capacity * this.#size);
  }

  /**
   * Adds photos with their features [photos, ...featureShape].
   *
   * @throws {RangeError} if a number is not finite, or cannot be kept
   */
  add(digests: string[], features: Float32Array): void {
    if (features.length !== digests.length * this.#size) {
      const expected = `${digests.length} photos × ${this.#size}`;
      throw new RangeError(`The encoder gave ${features.length} numbers, expected ${expected}`);
    }
    this.#check(features);
    this.#rows.set(features, this.photos.length * this.#size);
    this.photos.push(...digests);
  }

  /** Writes the shard's file; what it holds is for the manifest. */
  async write(file: string): Promise<ShardRecord> {
    const { key, featureShape } = this.cache.options;
    const shape = [this.photos.length, ...featureShape];
    const data = this.#rows.subarray(0, this.photos.length * this.#size);
    const bytes = encodeSafetensors(new Map([[tensorName, { shape, data }]]), { key });
    await writeFileWhole(join(this.cache.folder, file), bytes);
    const { photos, rejected } = this;
    return { file, sha256: sha256(bytes), bytes: bytes.length, photos, rejected };
  }

  #check(features: Float32Array): void {
    const half = this.cache.options.precision === "float16";
    const largest = half ? largestHalf : Number.MAX_VALUE;
    for (let i = 0; i < features.length; i++) { // a callback per number would take long
      const number = features[i];
      if (number <= largest && number >= -largest) continue;
      throw new RangeError(
        half && isFinite(number)
          ? `A feature of ${number} does not fit in float16: set the precision to float32`
          : `The encoder gave a feature of ${number}: its weights or its preprocessing are wrong`,
      );
    }
  }
}
