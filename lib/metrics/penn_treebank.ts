import { CURLY_APOSTROPHE, LEXER_RULES, PLAIN_WORD } from "./penn_treebank_rules.ts";

/**
 * Words by the Penn Treebank's rules, in lower case and without punctuation: how
 * the COCO evaluation tokenizes a caption before scoring it.
 *
 * Clitics are words ("isn't" → "is", "n't"; "dog's" → "dog", "'s"), hyphens
 * stay ("t-shirt"), full stops of abbreviations stay ("mr.", "u.s."), times and amounts
 * are split from their units ("10:45am" → "10:45", "am"), smileys are words (":-rrb-").
 * Brackets become "-lrb-" and the like, and they count: COCO's evaluation
 * removes only their upper-case names, which never occur.
 *
 * ```ts
 * import { pennTreebankWords } from "./penn_treebank.ts";
 *
 * pennTreebankWords("A man's T-shirt isn't red."); // ["a", "man", "'s", "t-shirt", "is", "n't", "red"]
 * ```
 */
export function pennTreebankWords(caption: string): string[] {
  const words: string[] = [];
  const text = caption.replace(ASTRAL, "\u200d")
    .replace(/&(?:amp|quot|apos|nbsp);/g, (name) => ENTITIES[name]);
  for (let at = 0; at < text.length;) {
    const token = tokenAt(text, at);
    at += token.length;
    for (const word of wordsOf(token)) words.push(word);
  }
  return words;
}

/** The longest token that begins there, of equals that of the first rule; white space is one too. */
function tokenAt(text: string, at: number): string {
  PLAIN_WORD.lastIndex = at;
  const plain = PLAIN_WORD.exec(text);
  if (plain !== null) return plain[0];
  let token = "";
  for (const rule of LEXER_RULES) {
    rule.lastIndex = at;
    const found = rule.exec(text)?.[0];
    if (found !== undefined && found.length > token.length) token = found;
  }
  return token;
}

function wordsOf(token: string): string[] {
  const word = token.toLowerCase();
  if (/^\s/.test(word) || PUNCTUATION.test(word) || UNKNOWN.test(word)) return [];
  if (CURLY_APOSTROPHE.test(word)) return [word.replace("’", "'")];
  const replaced = REPLACED.get(word) ?? word;
  const escaped = replaced.startsWith("<") && replaced.endsWith(">")
    ? replaced
    : replaced.replace(/[()]/g, (bracket) => bracket === "(" ? "-lrb-" : "-rrb-");
  return escaped.split(/\s+/); // as COCO's evaluation splits a token with a space in it
}

/** The tokens that COCO's evaluation removes, or that the lexer makes them of. */
const PUNCTUATION = /^(?:['"`?!,:;…‐‑‒–—―’‘‛“”«»‹›]|''|``|\.+|-{1,4})$/;

/** Characters that the lexer does not know and leaves out, such as newer currencies' signs. */
const UNKNOWN = /^[\u200d\ufe0e\ufe0f‼⁉「」\u20a1-\u20a3\u20a5-\u20ab\u20ad-\u20cf]$/;
/** All beyond Unicode's first 65,536 as well, letters and pictographs. */
const ASTRAL = /[\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&quot;": '"',
  "&apos;": "'",
  "&nbsp;": " ",
};

/** Words that the Treebank splits or spells in its own way. */
const REPLACED: ReadonlyMap<string, string> = new Map([
  ["cannot", "can not"],
  ["gonna", "gon na"],
  ["gotta", "got ta"],
  ["wanna", "wan na"],
  ["gimme", "gim me"],
  ["lemme", "lem me"],
  ["more'n", "more 'n"],
  ["'tis", "'t is"],
  ["'twas", "'t was"],
  ["[", "-lsb-"],
  ["]", "-rsb-"],
  ["{", "-lcb-"],
  ["}", "-rcb-"],
  ["½", "1/2"],
  ["¼", "1/4"],
  ["¾", "3/4"],
  ["⅓", "1/3"],
  ["⅔", "2/3"],
  ["£", "#"],
  ["€", "$"],
  ["₠", "$"],
  ["¤", "$"],
  ["¢", "cents"],
  ["&lt;", "<"],
  ["&gt;", ">"],
]);
