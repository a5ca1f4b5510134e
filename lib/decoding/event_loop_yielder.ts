/** A delay that a person waiting for an answer hardly notices. */
const MILLISECONDS = 100;

/**
 * Yields to the event loop if it has not run for a while; each time costs about two milliseconds,
 * what the shortest timer takes. Messages and immediates are cheaper, but keep Deno's network
 * waiting (measured).
 */
export function eventLoopYielder(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < MILLISECONDS) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
