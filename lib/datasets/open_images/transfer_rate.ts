/** Milliseconds over which the rate is averaged: long enough to be steady, short enough to be current. */
const WINDOW = 30_000;

/** How fast photos arrive. */
export class TransferRate {
  #samples: { time: number; photos: number; bytes: number }[];
  #photos = 0;
  #bytes = 0;
  #text?: string;

  readonly #now: () => number;

  /** Starts measuring; `now` is for tests. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#samples = [{ time: now(), photos: 0, bytes: 0 }];
  }

  /** Counts a finished photo, and the bytes received for it. */
  add(bytes: number): void {
    this.#photos++;
    this.#bytes += bytes;
  }

  /** Such as `212 photos/s, 14.2 MB/s`; updated at most twice a second. */
  describe(): string {
    const time = this.#now();
    const last = this.#samples[this.#samples.length - 1];
    if (this.#text !== undefined && time - last.time < 500) return this.#text;
    const [{ time: from, photos, bytes }] = this.#samples;
    const seconds = Math.max(time - from, 1) / 1000;
    const rate = (this.#photos - photos) / seconds;
    const megabytes = (this.#bytes - bytes) / seconds / 1e6;
    this.#samples.push({ time, photos: this.#photos, bytes: this.#bytes });
    while (this.#samples.length > 2 && time - this.#samples[1].time > WINDOW) this.#samples.shift();
    return this.#text = `${round(rate)} photos/s, ${round(megabytes)} MB/s`;
  }
}

function round(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
