/** Estimates how long a stage will still take, from the rate since it began. */
export class TimeLeft {
  readonly #began: number;
  readonly #first: number;
  readonly #now: () => number;

  /**
   * Starts the clock.
   *
   * @param done what a resumed stage finds done already
   * @param now milliseconds of a clock that only goes forward
   */
  constructor(done: number, now: () => number = () => performance.now()) {
    this.#first = done;
    this.#now = now;
    this.#began = now();
  }

  /** Such as `3 min left`; undefined in the first second, where nothing is done, and at the end. */
  text(done: number, total: number): string | undefined {
    const seconds = (this.#now() - this.#began) / 1000;
    if (seconds < 1 || done <= this.#first || done >= total) return undefined;
    return `${duration(seconds / (done - this.#first) * (total - done))} left`;
  }
}

/** A length of time for people: `8 s`, `3 min`, `1 h 20 min`. @param seconds rounded up */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 100) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
