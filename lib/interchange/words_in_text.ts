import { isPaddingName } from "./word_dictionary.ts";
import type { PickleValue } from "../python/mod.ts";

/** Fewer lines are not a vocabulary. */
const FEWEST = 5;

/**
 * Words in a plain text: one a line (`vocabulary.txt` of Keras' StringLookup), or a word and its index.
 *
 * @returns a list or a dictionary; undefined if the text is something else
 * @throws {SyntaxError} if it is a dictionary that Python printed
 */
export function wordsInText(text: string, path: string): PickleValue | undefined {
  if (/^\s*(OrderedDict\(\[\(|\{)\s*(u?'|\d+: ?u?['"])/.test(text)) {
    throw new SyntaxError(
      `${path} is a dictionary that Python printed, not JSON: make JSON of it in Python by ` +
        'json.dump(ast.literal_eval(open(FILE).read()), open("words.json", "w"))',
    );
  }
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (lines.length < FEWEST) return undefined;
  const pairs = lines.map((line) => /^(\S+?)(?:\t|,|: ?| )(\d+)$/.exec(line));
  const isHeader = pairs[0] === null && /^\w+[\t, ]\w+$/.test(lines[0]);
  const rest = isHeader ? pairs.slice(1) : pairs;
  if (!rest.includes(null)) return new Map(rest.map((pair) => [pair![1], Number(pair![2])]));
  const isList = lines.every((line, i) => /^\S+$/.test(line) || i === 0 && isPaddingName(line));
  return isList ? lines : undefined;
}
