import pMap from "p-map";

/**
 * Does something with each item, several at once, in their order; when it throws, no further one is
 * begun, and the first error is thrown when those under way have ended.
 *
 * @param onError told the first error at once, to end what is under way
 */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
  onError?: (error: unknown) => void,
): Promise<void> {
  let failure: { error: unknown } | undefined;
  await pMap(items, async (item, index) => {
    if (failure !== undefined) return;
    try {
      await work(item, index);
    } catch (error) {
      if (failure !== undefined) return;
      failure = { error };
      onError?.(error);
    }
  }, { concurrency: atOnce });
  if (failure !== undefined) throw (failure as { error: unknown }).error;
}
