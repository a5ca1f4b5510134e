import { z } from "zod";
import { parseJson } from "./parse_json.ts";
import { schemaProblem } from "./schema_problem.ts";
import { textSettings } from "./settings.ts";
import { Tokenizer } from "./tokenizer.ts";

const FORMAT = "showtell-tokenizer";

const COUNT = z.int().min(0);
const TOKENIZER_FILE = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  settings: textSettings,
  captions: COUNT,
  longest: COUNT,
  pairs: COUNT,
  rare: z.strictObject({ words: COUNT, occurrences: COUNT }),
  words: z.array(z.tuple([z.string(), COUNT, COUNT])),
});

/**
 * The text of a `tokenizer.json`: equal tokenizers give equal bytes.
 *
 * `words` is the vocabulary by index, from 1 on: word, occurrences, captions
 * that hold it.
 */
export function tokenizerToJson(tokenizer: Tokenizer): string {
  const { captions, longest, pairs, rare } = tokenizer.fitted;
  const head = JSON.stringify(
    {
      format: FORMAT,
      version: 1,
      settings: textSettings.parse(tokenizer.settings), // in the schema's order
      captions,
      longest,
      pairs,
      rare: { words: rare.words, occurrences: rare.occurrences },
    },
    null,
    1,
  );
  const words = tokenizer.words.slice(1).map(({ word, count, captions }) =>
    `\n  ${JSON.stringify([word, count, captions])}`
  );
  return `${head.slice(0, -2)},\n "words": [${words.join(",")}\n ]\n}\n`;
}

/**
 * Reads what {@linkcode tokenizerToJson} wrote.
 *
 * @throws {SyntaxError} if the text is not a tokenizer of a known version
 * @throws {RangeError} if its words and markers contradict each other
 */
export function tokenizerFromJson(source: string): Tokenizer {
  let json: unknown;
  try {
    json = parseJson(source);
  } catch {
    throw new SyntaxError("Not a tokenizer: the text is not JSON; build the tokenizer again");
  }
  const { success, data, error } = TOKENIZER_FILE.safeParse(json);
  if (!success) {
    throw new SyntaxError(
      `Not a tokenizer of this version: ${
        schemaProblem(error.issues[0])
      }; build the tokenizer again`,
    );
  }
  const { settings, captions, longest, pairs, rare } = data;
  const words = data.words.map(([word, count, captions]) => ({ word, count, captions }));
  return new Tokenizer({ settings, words, captions, rare, longest, pairs });
}
