/** Rows of two columns on standard output, the second aligned to the right. */
export function printTable(rows: [name: string, value: string | number][]): void {
  const shown = rows.map(([name, value]) =>
    [name, typeof value === "number" ? figure(value) : value] as const
  );
  const left = Math.max(...shown.map(([name]) => name.length));
  const right = Math.max(...shown.map(([, value]) => value.length));
  for (const [name, value] of shown) {
    console.log(`${name.padEnd(left)}  ${value.padStart(right)}`);
  }
}

/** A number as tables show it: whole ones with commas, others with four digits. */
export function figure(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(4);
}
