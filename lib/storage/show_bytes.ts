const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size with a decimal unit: `1.8 MB`. */
export function showBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
