import type { Listener } from "../progress/mod.ts";
import { explainWriteError, lockFolder } from "../storage/mod.ts";
import { type FeatureCache, refreshCache } from "./feature_cache.ts";
import type { PhotoSource } from "./read_photo.ts";
import { type Claim, claimShard, heldClaims, PATIENCE } from "./shard_claims.ts";

/** Milliseconds between checks whether another process has finished its shards. */
const POLL = 100;

/** A shard that this process alone is to fill. */
export interface ShardToFill {
  /** Of the shard. */
  number: number;
  /** In the order in which they were requested. */
  photos: PhotoSource[];
}

/**
 * Distributes the photos that a cache lacks over shards, one shard at a time. Several processes may
 * work on one cache: each claims its shards under the folder's lock and skips what others claimed.
 *
 * Which photos make up a shard follows from their order alone, so a process on its own always
 * distributes them alike: damaged shards first, then the next photos to the first free number.
 */
export class ShardQueue implements AsyncDisposable {
  readonly #cache: FeatureCache;
  readonly #rest: Map<string, PhotoSource>;
  readonly #listener: Listener;
  readonly #held = new Map<ShardToFill, Disposable>();
  readonly #closed = Promise.withResolvers<void>();
  #isClosed = false;
  #hasWaited = false;
  #last: Promise<ShardToFill | undefined> = Promise.resolve(undefined);

  /** @param missing photos that the cache lacks */
  constructor(cache: FeatureCache, missing: readonly PhotoSource[], listener: Listener) {
    this.#cache = cache;
    this.#rest = new Map(missing.map((photo) => [photo.digest, photo]));
    this.#listener = listener;
  }

  /** Photos not known to be done. */
  get left(): number {
    return this.#held.keys().reduce((sum, { photos }) => sum + photos.length, this.#rest.size);
  }

  /** The next shard; undefined once every photo is done, by this process or another. */
  next(): Promise<ShardToFill | undefined> {
    return this.#last = this.#last.then(() => this.#next());
  }

  /** Lets other processes have the shard. */
  release(shard: ShardToFill): void {
    this.#held.get(shard)?.[Symbol.dispose]();
    this.#held.delete(shard);
  }

  /** Releases every shard. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#closed.resolve();
    await this.#last.catch(() => {});
    for (const shard of [...this.#held.keys()]) this.release(shard);
  }

  async #next(): Promise<ShardToFill | undefined> {
    while (this.#rest.size > 0 && !this.#isClosed) {
      this.#listener.signal?.throwIfAborted();
      const shard = await this.#claim();
      if (shard !== undefined) return shard;
      if (this.#rest.size > 0) await this.#wait();
    }
  }

  async #claim(): Promise<ShardToFill | undefined> {
    const { folder } = this.#cache;
    using _lock = await lockFolder(folder, { ...this.#listener, patience: PATIENCE });
    await Deno.mkdir(folder, { recursive: true }).catch((error) => {
      throw explainWriteError(error, folder);
    });
    // In this order: a shard finished in between then counts as claimed and as done, not as neither.
    const claims = await heldClaims(folder, this.#listener);
    for (const { photos, rejected } of await refreshCache(this.#cache)) {
      for (const digest of [...photos, ...rejected.map(({ digest }) => digest)]) {
        this.#rest.delete(digest);
      }
    }
    const shard = this.#plan(claims);
    if (shard === undefined) return undefined;
    const digests = shard.photos.map(({ digest }) => digest);
    this.#held.set(shard, await claimShard(folder, shard.number, digests));
    for (const digest of digests) this.#rest.delete(digest);
    return shard;
  }

  #plan(claims: ReadonlyMap<number, Claim>): ShardToFill | undefined {
    const { shards, damaged, options: { shardSize } } = this.#cache;
    const taken = new Set(claims.values().flatMap(({ photos }) => photos));
    for (const [number, { photos, rejected }] of damaged) {
      if (claims.has(number)) continue;
      const digests = [...photos, ...rejected.map(({ digest }) => digest)];
      const found = digests.filter((digest) => !taken.has(digest))
        .flatMap((digest) => this.#rest.get(digest) ?? []);
      if (found.length > 0) return { number, photos: found };
    }
    const photos = this.#rest.values().filter(({ digest }) => !taken.has(digest)).take(shardSize)
      .toArray();
    if (photos.length === 0) return undefined;
    let number = 0;
    while (shards.has(number) || damaged.has(number) || claims.has(number)) number++;
    return { number, photos };
  }

  async #wait(): Promise<void> {
    if (!this.#hasWaited) {
      this.#listener.say?.(
        `Waiting for ${this.#rest.size} photos that another process is encoding`,
      );
    }
    this.#hasWaited = true;
    const time = Promise.withResolvers<void>();
    const timer = setTimeout(time.resolve, POLL);
    await Promise.race([time.promise, this.#closed.promise]);
    clearTimeout(timer);
  }
}
