/** Shorter than a frame, so that animations on the page stay smooth. */
const MILLISECONDS = 12;

/**
 * Yields to the event loop if it has not run for a while; each time costs about a millisecond, the
 * shortest that a timer takes.
 */
export function eventLoopYielder(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < MILLISECONDS) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
