/**
 * What long work tells of itself, and what ends it. Every function that takes a while takes one, or
 * options that extend it, and hands it on to what it calls.
 */
export interface Listener {
  /** Told what the user should know, one line at a time. */
  say?: (line: string) => void;
  /**
   * Told how far a piece of work is.
   *
   * @param stage what is being done, such as `Photos` or `Epoch 3`
   * @param total 0 while it is not known
   * @param note speed and time left, where they are known better than by counting
   */
  onProgress?: (stage: string, done: number, total: number, note?: string) => void;
  /** Ends the work at the next good moment; what was done until then stays. */
  signal?: AbortSignal;
}
