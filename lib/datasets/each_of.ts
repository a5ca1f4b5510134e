import pMap from "p-map";

/**
 * Processes items in order, several at once. After an error no further item is started; the first
 * error is thrown once those in progress have ended.
 *
 * @param onError called at once with the first error, to end those in progress
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
