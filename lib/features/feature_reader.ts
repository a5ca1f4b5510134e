import {
  DamagedFileError,
  isNotFound,
  openSafetensors,
  type SafetensorsFile,
} from "../storage/mod.ts";
import { CheckedShards } from "./checked_shards.ts";
import { rejectedPhotos } from "./feature_cache.ts";
import { readManifest } from "./manifest.ts";
import {
  readShardRecord,
  type RejectRecord,
  shardFiles,
  shardNumbers,
  type ShardRecord,
  TENSOR_NAME,
} from "./shard_record.ts";

/** Caches up to this many bytes, as stored, are kept in memory. */
const KEPT_IN_MEMORY = 512 * 2 ** 20;

/** What helps against damage: whoever fills the cache again checks all of it. */
const REMEDY = "cache the features again";

type Rows = Float32Array | Float16Array;

/** Reads features of photos by their digests. */
export class FeatureReader implements Disposable {
  /** Shape of one photo's feature. */
  readonly featureShape: number[];
  /** Photos without features, and why. */
  readonly rejected: RejectRecord[];
  readonly #folder: string;
  readonly #size: number;
  readonly #numbers: number[];
  readonly #digests: string[];
  readonly #files: (SafetensorsFile | undefined)[] = [];
  readonly #memory: (Rows | undefined)[] = [];
  readonly #keep: boolean;
  readonly #checked: CheckedShards;
  readonly #positions = new Map<string, { shard: number; row: number }>();

  /** Use `openFeatures`. */
  constructor(
    folder: string,
    featureShape: number[],
    records: ReadonlyMap<number, ShardRecord>,
    memory: number,
    checked: CheckedShards,
  ) {
    const shards = [...records.values()];
    this.#folder = folder;
    this.#checked = checked;
    this.#numbers = [...records.keys()];
    this.#digests = shards.map(({ digest }) => digest);
    this.featureShape = featureShape;
    this.#size = featureShape.reduce((size, dimension) => size * dimension, 1);
    this.#keep = shards.reduce((sum, { bytes }) => sum + bytes, 0) < memory;
    for (const [shard, { photos }] of shards.entries()) {
      for (const [row, digest] of photos.entries()) this.#positions.set(digest, { shard, row });
    }
    this.rejected = [...rejectedPhotos(shards, this.#positions).values()];
  }

  /** Photos that have features. */
  get size(): number {
    return this.#positions.size;
  }

  /** Whether a photo has a feature. */
  has(digest: string): boolean {
    return this.#positions.has(digest);
  }

  /**
   * Checks the shards that hold photos' features, which is otherwise done when they are first read.
   *
   * @throws {DamagedFileError} if one of them is not as it was written
   */
  async check(digests: readonly string[]): Promise<void> {
    const shards = new Set(digests.map((digest) => this.#positions.get(digest)?.shard));
    for (const shard of shards) {
      if (shard === undefined) continue;
      const path = this.#path(shard);
      const isIntact = this.#checked.isIntact(path, this.#digests[shard]);
      if (!await isIntact.catch((error) => refuseGone(error, path))) throw altered(path);
    }
  }

  /**
   * Features of photos, one after the other [photos, ...featureShape].
   *
   * @throws {RangeError} if a photo has no feature
   * @throws {DamagedFileError} if the file that holds it was altered
   */
  gather(digests: readonly string[]): Float32Array<ArrayBuffer> {
    const features = new Float32Array(digests.length * this.#size);
    this.gatherInto(digests, features);
    return features;
  }

  /**
   * Like `gather`, into the beginning of an existing array.
   *
   * @throws {RangeError} if a photo has no feature, or the array is too short
   */
  gatherInto(digests: readonly string[], features: Float32Array): void {
    if (features.length < digests.length * this.#size) {
      const needed = `${digests.length} features of ${this.#size}`;
      throw new RangeError(`An array of ${features.length} numbers is too short for ${needed}`);
    }
    for (const [i, digest] of digests.entries()) {
      const position = this.#positions.get(digest);
      if (position === undefined) {
        throw new RangeError(
          `${this.#folder} has no feature of photo ${digest}: cache the features again`,
        );
      }
      features.set(this.#row(position.shard, position.row), i * this.#size);
    }
  }

  /** Closes the files. */
  [Symbol.dispose](): void {
    for (const file of this.#files) file?.[Symbol.dispose]();
    this.#files.length = 0;
    this.#memory.length = 0;
  }

  #row(shard: number, row: number): Rows {
    if (!this.#keep) return this.#file(shard).readRows(TENSOR_NAME, row, row + 1) as Rows;
    let rows = this.#memory[shard];
    if (rows === undefined) {
      rows = this.#memory[shard] = this.#read(shard);
    }
    return rows.subarray(row * this.#size, (row + 1) * this.#size);
  }

  #file(shard: number): SafetensorsFile {
    return this.#files[shard] ??= this.#open(shard);
  }

  #read(shard: number): Rows {
    using file = this.#open(shard);
    return file.read(TENSOR_NAME).data as Rows;
  }

  /** Its time does not tell whether a failing disk altered it: it is read once for its digest. */
  #open(shard: number): SafetensorsFile {
    const path = this.#path(shard);
    try {
      if (this.#checked.isIntactSync(path, this.#digests[shard])) return openSafetensors(path);
    } catch (error) {
      refuseGone(error, path);
    }
    throw altered(path);
  }

  #path(shard: number): string {
    return shardFiles(this.#folder, this.#numbers[shard]).shard;
  }
}

function altered(path: string): DamagedFileError {
  return new DamagedFileError(path, "it was altered", REMEDY);
}

function refuseGone(error: unknown, path: string): never {
  if (!isNotFound(error)) throw error;
  throw new DamagedFileError(path, "it is gone", REMEDY);
}

/**
 * Opens a filled cache for reading; below 512 MiB it is kept in memory once read, otherwise
 * requested rows are read from disk. Each shard is checked when it is first read from.
 *
 * @param memory caches below this many bytes are kept in memory
 * @param checked of the cache as it was filled: what was checked then is not checked again
 * @throws {Error} if there is no cache
 * @throws {DamagedFileError} if a record of it is damaged
 */
export async function openFeatures(
  folder: string,
  { memory = KEPT_IN_MEMORY, checked = new CheckedShards() }: {
    memory?: number;
    checked?: CheckedShards;
  } = {},
): Promise<FeatureReader> {
  const manifest = await readManifest(folder, REMEDY);
  if (manifest === undefined) {
    throw new Error(`${folder} has no manifest.json of a feature cache: cache the features first`);
  }
  const records = new Map<number, ShardRecord>();
  for (const number of await shardNumbers(folder, "record")) {
    const record = await readShardRecord(folder, number, REMEDY);
    if (record !== undefined) records.set(number, record);
  }
  return new FeatureReader(folder, manifest.featureShape, records, memory, checked);
}
