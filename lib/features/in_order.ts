/**
 * Results of `work` in the order of the items, with up to `ahead` of them at work or waiting to be
 * taken: memory does not depend on the number of items.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const source = items[Symbol.iterator]();
  const started: Promise<Result>[] = [];
  try {
    while (true) {
      while (started.length < ahead) {
        const { done, value } = source.next();
        if (done) break;
        const result = work(value);
        result.catch(() => {}); // reported when its turn comes
        started.push(result);
      }
      if (started.length === 0) return;
      yield await started[0];
      started.shift();
    }
  } finally {
    await Promise.allSettled(started); // nothing is at work once this has ended
  }
}
