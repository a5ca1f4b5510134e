import { editDistance } from "../../text/mod.ts";

/** The names most like a mistyped one, best first. */
export function nearNames(name: string, names: readonly string[], count = 5): string[] {
  const distances = new Map(
    names.map((other) => [other, editDistance(name.toLowerCase(), other.toLowerCase())]),
  );
  return names.toSorted((a, b) => distances.get(a)! - distances.get(b)!).slice(0, count);
}
