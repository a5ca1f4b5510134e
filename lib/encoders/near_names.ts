/** The names most like a mistyped one, best first (Levenshtein, 1966). */
export function nearNames(name: string, names: readonly string[], count = 5): string[] {
  const distances = new Map(
    names.map((other) => [other, distance(name.toLowerCase(), other.toLowerCase())]),
  );
  return names.toSorted((a, b) => distances.get(a)! - distances.get(b)!).slice(0, count);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
