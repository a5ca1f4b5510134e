/** A number with what is counted: `1 photo`, `2,500 photos`. */
export function counted(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}
