/**
 * How a long operation reports to its caller, and how the caller ends it. Every such function takes
 * a listener, or options that extend it, and passes it to the functions that it calls.
 */
export interface Listener {
  /** Called with each line that the user should read. */
  say?: (line: string) => void;
  /**
   * Called as the operation progresses.
   *
   * @param stage what is being done, such as `Photos` or `Epoch 3`
   * @param total 0 while unknown
   * @param note figures such as a speed or a loss; the time left is the listener's to tell
   */
  onProgress?: (stage: string, done: number, total: number, note?: string) => void;
  /** Ends the operation at the next safe moment; what is done by then is kept. */
  signal?: AbortSignal;
}
