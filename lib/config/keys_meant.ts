/**
 * Dotted keys that end in a word, whatever its capitals: of these the ones that lie least deep, as
 * `training.epochs` for `epochs`.
 */
export function keysMeant(word: string, keys: readonly string[]): string[] {
  const found = keys.filter((key) => `.${key}`.toLowerCase().endsWith(`.${word.toLowerCase()}`));
  const depth = (key: string) => key.split(".").length;
  const least = Math.min(...found.map(depth));
  return found.filter((key) => depth(key) === least);
}
