import { editDistance } from "./edit_distance.ts";

/** Letters of the longest name that may be mistyped. */
const LONGEST = 200;

/** The names closest to a mistyped one, closest first, ignoring case. */
export function nearNames(name: string, names: readonly string[], count = 5): string[] {
  return ranked(name, names).slice(0, count).map(({ other }) => other);
}

/** The name that a mistyped one probably stands for, undefined if none is close. */
export function nearName(name: string, names: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined; // no slip of the finger
  const allowed = Math.max(1, Math.floor(name.length / 3));
  const [best] = ranked(name, names);
  return best !== undefined && best.distance <= allowed ? best.other : undefined;
}

function ranked(name: string, names: readonly string[]): { other: string; distance: number }[] {
  return names
    .map((other) => ({ other, distance: editDistance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
}
