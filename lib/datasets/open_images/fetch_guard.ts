import type { PhotoFate } from "./photo_record.ts";
import type { BucketSettings } from "./settings.ts";

/** Photos in a row that may fail after all their attempts before the bucket counts as gone. */
const IN_A_ROW = 8;

/** First photos that may all be nowhere before the address counts as wrong. */
const NOWHERE = 1000;

/** Ends a fetch that cannot come to a good end, instead of asking for 200,000 photos in vain. */
export class FetchGuard {
  #arrived = 0;
  #nowhere = 0;
  #failed = new Map<string, number>();
  #inARow = 0;

  /** @param allowed how many photos may be missing in the end */
  constructor(private readonly bucket: BucketSettings, private readonly allowed: number) {}

  /**
   * Counts what became of a photo.
   *
   * @throws {Error} saying what to do, if it makes no sense to go on
   */
  check(fate: PhotoFate): void {
    const { endpoint, concurrency } = this.bucket;
    this.#inARow = "failed" in fate ? this.#inARow + 1 : 0;
    if ("sha256" in fate) this.#arrived++;
    else if ("nowhere" in fate) this.#nowhere++;
    else this.#failed.set(fate.failed, (this.#failed.get(fate.failed) ?? 0) + 1);
    if ("failed" in fate && this.#inARow >= Math.max(IN_A_ROW, concurrency)) {
      throw new Error(
        `${this.#inARow} photos in a row could not be fetched from ${endpoint}, the last because ` +
          `${fate.failed}: look at the network connection and run again (what has come is kept), ` +
          'or do without the photos that are missing by dataset.bucket.fetch="never"',
      );
    }
    if (this.#arrived === 0 && this.#nowhere >= NOWHERE) {
      throw new Error(
        `None of the first ${NOWHERE} photos is at ${endpoint}: look at dataset.bucket.endpoint ` +
          "and dataset.bucket.partitions",
      );
    }
    if (this.#missing > this.allowed) {
      throw new Error(
        `${this.#describe()}, which is more than dataset.maxRejected allows ` +
          `(${this.allowed.toLocaleString("en")}): look at dataset.bucket, or raise it; what has ` +
          "come is kept",
      );
    }
  }

  /** What the user should know in the end. */
  summary(): string[] {
    if (this.#missing === 0) return [];
    const again = this.#failed.size > 0 ? "; those that failed are tried again next time" : "";
    return [`${this.#describe()}${again}`];
  }

  get #missing(): number {
    return this.#nowhere + this.#failures;
  }

  get #failures(): number {
    return [...this.#failed.values()].reduce((sum, count) => sum + count, 0);
  }

  #describe(): string {
    const [reason] = [...this.#failed].sort(([, a], [, b]) => b - a)[0] ?? [];
    const parts = [];
    if (this.#failures > 0) {
      parts.push(`${describeCount(this.#failures)} could not be fetched (${reason})`);
    }
    if (this.#nowhere > 0) {
      const { partitions } = this.bucket;
      parts.push(`${describeCount(this.#nowhere)} in none of ${partitions.join(", ")}`);
    }
    return parts.join("; ");
  }
}

function describeCount(photos: number): string {
  return `${photos.toLocaleString("en")} ${photos === 1 ? "photo" : "photos"}`;
}
