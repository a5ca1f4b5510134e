/**
 * A flag for each photo that one thread sets and the other reads at any time, also while neither
 * gives way to messages.
 */
export type SharedFlags = Int32Array<SharedArrayBuffer>;

/** Flags that are all unset. */
export function sharedFlags(count: number): SharedFlags {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

/** Sets a flag; it cannot be unset. */
export function setFlag(flags: SharedFlags, index: number): void {
  Atomics.store(flags, index, 1);
}

/** Whether a flag is set. */
export function isSet(flags: SharedFlags, index: number): boolean {
  return Atomics.load(flags, index) !== 0;
}
