/** A key whose values differ between two configs. */
export interface Difference {
  /** The dotted key. */
  key: string;
  /** Its value in the first; undefined if it has none. */
  before: unknown;
  /** Its value in the second. */
  after: unknown;
}

/** The dotted keys whose values differ between two plain objects, in the order of the keys. */
export function differences(before: unknown, after: unknown, prefix = ""): Difference[] {
  if (!isPlain(before) || !isPlain(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ key: prefix, before, after }];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(before[key], after[key], prefix === "" ? key : `${prefix}.${key}`)
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
