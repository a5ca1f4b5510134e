/** A number with what is counted: `1 photo`, `2 photos`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
