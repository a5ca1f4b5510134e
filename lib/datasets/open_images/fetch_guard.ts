import type { PhotoFate } from "./photo_record.ts";
import type { BucketSettings } from "./settings.ts";

/** Photos in a row that may fail after all attempts before the bucket counts as unreachable. */
const IN_A_ROW = 8;

/** First photos that may all be missing before the address counts as wrong. */
const FIRST = 1000;

/** Failures that are tolerated, as they are retried, even if fewer are allowed in the end. */
const PATIENCE = 100;

/** Thrown when photos that failed before keep failing: the fetch ends without them. */
export class StillFailingError extends Error {}

/** Ends a fetch that cannot succeed, instead of requesting 200,000 photos in vain. */
export class FetchGuard {
  #arrived = 0;
  #nowhere = 0;
  /** Reasons by photo. */
  readonly #failed = new Map<string, string>();
  #inARow = 0;
  #again = false;

  readonly #bucket: BucketSettings;
  readonly #allowed: number;

  /** @param allowed how many photos may be missing in the end */
  constructor(bucket: BucketSettings, allowed: number) {
    this.#bucket = bucket;
    this.#allowed = allowed;
  }

  /** From now on, photos are those that failed before. */
  startAgain(): void {
    this.#again = true;
    this.#inARow = 0;
  }

  /**
   * Counts the fate of a photo.
   *
   * @param silent whether the bucket gave no definite answer, after all attempts
   * @throws {Error} saying what to do, if continuing makes no sense
   */
  check(id: string, fate: PhotoFate, silent: boolean): void {
    const { endpoint, concurrency } = this.#bucket;
    this.#failed.delete(id); // an earlier failure
    if ("sha256" in fate) this.#arrived++;
    else if ("nowhere" in fate) this.#nowhere++;
    else this.#failed.set(id, fate.failed);
    this.#inARow = silent ? this.#inARow + 1 : 0;
    if (silent && this.#inARow >= Math.max(IN_A_ROW, concurrency)) {
      if (this.#again) throw new StillFailingError();
      throw new Error(
        `${this.#inARow} photos in a row could not be fetched from ${endpoint}, the last because ` +
          `${(fate as { failed: string }).failed}: check the network connection and run again ` +
          "(fetched photos are kept), or do without the missing ones: set dataset.bucket.fetch to " +
          '"never"',
      );
    }
    const missing = this.#nowhere + this.#failed.size;
    if (this.#arrived === 0 && missing >= FIRST && !this.#again) {
      throw new Error(
        `None of the first ${FIRST} photos came from ${endpoint}, ${this.#describe()}: check ` +
          "dataset.bucket.endpoint and dataset.bucket.partitions",
      );
    }
    if (this.#nowhere > this.#allowed || this.#failed.size > Math.max(this.#allowed, PATIENCE)) {
      throw new Error(
        `${this.#describe()}, which is more than dataset.maxRejected allows ` +
          `(${this.#allowed.toLocaleString("en")}): check dataset.bucket, or raise it; fetched ` +
          "photos are kept",
      );
    }
  }

  /** Notes for the user at the end. */
  summary(): string[] {
    if (this.#nowhere + this.#failed.size === 0) return [];
    const parts = [this.#describe()];
    if (this.#failed.size > 0) parts.push("those that failed are retried by the next run");
    if (this.#nowhere > 0) {
      parts.push('those in none are requested again only if dataset.bucket.fetch is "all"');
    }
    return [parts.join("; ")];
  }

  #describe(): string {
    const parts: string[] = [];
    if (this.#failed.size > 0) {
      const count = describeCount(this.#failed.size);
      parts.push(`${count} could not be fetched (${mostFrequent(this.#failed.values())})`);
    }
    if (this.#nowhere > 0) {
      const { partitions } = this.#bucket;
      parts.push(`${describeCount(this.#nowhere)} in none of ${partitions.join(", ")}`);
    }
    return parts.join("; ");
  }
}

function mostFrequent(reasons: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0][0];
}

function describeCount(photos: number): string {
  return `${photos.toLocaleString("en")} ${photos === 1 ? "photo" : "photos"}`;
}
