/** Ranks from 1 to `last`, all of the first ones, then evenly on a logarithmic scale. */
export function spread(last: number, points: number): number[] {
  const ranks = new Set<number>();
  for (let i = 0; i < points; i++) ranks.add(Math.round(last ** (i / Math.max(1, points - 1))));
  return [...ranks];
}
