/**
 * Runs tasks at the same time as long as the pixels that they decode stay within a budget; a task
 * larger than the budget runs alone. Tasks start in the order of their calls.
 */
export class PixelBudget {
  #free: number;
  readonly #waiting: { pixels: number; start: () => void }[] = [];

  constructor(readonly budget: number) {
    this.#free = budget;
  }

  /** Runs a task once there is room for its pixels. */
  async run<T>(pixels: number, task: () => Promise<T>): Promise<T> {
    const taken = Math.min(pixels, this.budget);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ pixels: taken, start: resolve });
    this.#admit();
    await promise;
    try {
      return await task();
    } finally {
      this.#free += taken;
      this.#admit();
    }
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#waiting[0].pixels <= this.#free) {
      const { pixels, start } = this.#waiting.shift()!;
      this.#free -= pixels;
      start();
    }
  }
}
