import type { TokenizerFile } from "./tokenizer_file.ts";

/**
 * One tokenizer of several files that hold the same words, such as `wordtoix.pkl` and its inverse
 * `ixtoword.pkl`; the one that tells most.
 *
 * @throws {RangeError} naming a word that they have at different indices
 */
export function sameTokenizer(files: readonly TokenizerFile[]): TokenizerFile {
  const [first, ...others] = files;
  for (const other of others) {
    const [a, b] = [first.keras.wordIndex, other.keras.wordIndex];
    const word = [...a.keys(), ...b.keys()].find((word) => a.get(word) !== b.get(word));
    if (word === undefined) continue;
    const at = (index: number | undefined) => index === undefined ? "missing" : `at ${index}`;
    throw new RangeError(
      `${first.path} and ${other.path} are different tokenizers: "${word}" is ${
        at(a.get(word))
      } in ` +
        `one and ${at(b.get(word))} in the other; import the one that the model was trained with`,
    );
  }
  return files.find(({ format }) => format !== "dictionary") ?? first;
}
