/** Shorter than a frame, so that animations on the page stay smooth. */
const MILLISECONDS = 12;

/**
 * Lets the event loop turn whenever it has not turned for a while; more often costs about a
 * Yields to the event loop if it has not run for a while; each time costs about a millisecond, the
 * shortest that a timer takes.
 */
export function givingWay(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < MILLISECONDS) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
