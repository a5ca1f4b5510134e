/** Shorter than a frame: what is shown meanwhile moves on without a jerk. */
const MILLISECONDS = 12;

/**
 * Lets the event loop turn whenever it has not turned for a while; more often costs about a
 * millisecond each time, the shortest that a timer takes.
 */
export function givingWay(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < MILLISECONDS) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
