import { digestFile, digestFileSync } from "../storage/mod.ts";

/**
 * Shards whose SHA-256 was computed, so that one task reads each shard for it once, however many
 * caches and readers it opens. A file that was written since is read again.
 */
export class CheckedShards {
  readonly #found = new Map<string, { stamp: string; digest: string }>();

  /**
   * Whether a shard has its recorded digest.
   *
   * @throws {Deno.errors.NotFound} if it does not exist
   */
  async isIntact(path: string, digest: string): Promise<boolean> {
    const stamp = stampOf(await Deno.stat(path));
    return (this.#known(path, stamp) ?? this.#keep(path, stamp, await digestFile(path))) === digest;
  }

  /**
   * The same, for code that cannot wait.
   *
   * @throws {Deno.errors.NotFound} if it does not exist
   */
  isIntactSync(path: string, digest: string): boolean {
    const stamp = stampOf(Deno.statSync(path));
    return (this.#known(path, stamp) ?? this.#keep(path, stamp, digestFileSync(path))) === digest;
  }

  #known(path: string, stamp: string): string | undefined {
    const found = this.#found.get(path);
    return found?.stamp === stamp ? found.digest : undefined;
  }

  #keep(path: string, stamp: string, digest: string): string {
    this.#found.set(path, { stamp, digest });
    return digest;
  }
}

/** Differs once a file is written; where `mtime` was set back, `ctime` tells from a second on. */
function stampOf({ size, mtime, ctime, ino }: Deno.FileInfo): string {
  return [size, mtime?.getTime(), ctime?.getTime(), ino].join(" ");
}
