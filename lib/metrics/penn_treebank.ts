/**
 * Words by the Penn Treebank's rules, in lower case and without punctuation: how
 * the COCO evaluation tokenizes a caption before scoring it.
 *
 * Clitics are words ("isn't" → "is", "n't"; "dog's" → "dog", "'s"), hyphens
 * stay ("t-shirt"), full stops of abbreviations stay ("mr.", "u.s.").
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
  const text = caption.replace(/[’‘‛]/g, "'").replace(/&(?:amp|lt|gt|quot|apos|nbsp);/g, entity)
    .replace(/[“”„«»]/g, '"');
  for (const [token] of text.matchAll(RULES)) {
    const word = token.toLowerCase();
    if (!PUNCTUATION.test(word)) words.push(...(REPLACED.get(word) ?? word).split(/\s+/));
  }
  return words;
}

/** The tokens that COCO's evaluation removes. */
const PUNCTUATION = /^(?:['"`?!,:;…–—]|''|``|\.+|--?)$/;

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
  ["(", "-lrb-"],
  [")", "-rrb-"],
  ["[", "-lsb-"],
  ["]", "-rsb-"],
  ["{", "-lcb-"],
  ["}", "-rcb-"],
  ["½", "1/2"],
  ["¼", "1/4"],
  ["¾", "3/4"],
  ["£", "#"],
  ["€", "$"],
  ["¢", "cents"],
]);

function entity(name: string): string {
  const signs: Record<string, string> = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&apos;": "'",
    "&nbsp;": " ",
  };
  return signs[name];
}

/** Words that keep their full stop. */
const ABBREVIATIONS = "mr mrs ms dr drs prof st mt ft est dept univ ave blvd rd co inc ltd corp " +
  "etc vs messrs hon pres rep sen lt cpl pvt maj cmdr bros assn jr sr gen col sgt capt gov adm " +
  "rev atty supt treas det insp mfg intl natl mme mlle brig lieut pfc bldg ext sq al ph mon tue " +
  "tues wed thu thurs fri jan feb mar apr jun jul aug sep sept oct nov dec ala ariz calif colo " +
  "conn fla ga ind kan ky md mich minn mo mont neb nev okla penn tenn va vt wis wyo";

/** Words that keep it only when capitalised, as they are also ordinary words. */
const CAPITAL_ABBREVIATIONS = "Ore Wash Tex Mass Ark Del Ill La Miss Pa";

const anyCase = (words: string) =>
  words.split(" ").flatMap((word) => [
    word,
    word[0].toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ]).join("|");

const LETTER = String.raw`[\p{L}\p{M}\p{N}]`;
const NOT = String.raw`[nN]'[tT](?!${LETTER})`; // n't
const CLITIC = String.raw`'(?:[sSdDmM]|[rR][eE]|[vV][eE]|[lL]{2})(?!${LETTER})`;

// Tried in this order at each position; what none matches (white space) is skipped.
const RULES = new RegExp(
  [
    String.raw`(?:https?:\/\/|www\.)[^\s"<>]*[^\s"<>.,!?;:)]`,
    String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`,
    String.raw`<[\/!?]?\p{L}[^<>]*>`,
    NOT,
    CLITIC,
    String.raw`(?<!${LETTER})'(?:${anyCase("tis twas em til cause")}|\d\ds)(?!${LETTER})`,
    String.raw`(?<=${LETTER})'[nN]'(?=${LETTER})`, // rock'n'roll
    String.raw`'[nN]'?(?!${LETTER})`, // rock 'n' roll
    String.raw`[yY]'(?=\p{L})|(?:[oO][lL])'(?!${LETTER})`, // y'all, ol'
    String.raw`(?:\p{L}\.)+(?!${LETTER})`, // u.s.  p.
    String.raw`[pP]h\.[dD]\.|[nN]o\.(?=\s*\d)`,
    String.raw`(?:${anyCase(ABBREVIATIONS)}|${CAPITAL_ABBREVIATIONS.replaceAll(" ", "|")})\.`,
    String.raw`[-+]?(?:\d+(?:[.,:/]\d+)*|\.\d+)(?!${LETTER}|-${LETTER})`, // 1,000  10:30  1/2
    String.raw`\p{Lu}+&\p{Lu}+(?!${LETTER})`, // R&B
    String.raw`[@#]\p{L}${LETTER}*`,
    // A word up to a clitic, with signs inside: t-shirt, and/or, o'clock, dog.cat
    String.raw`${LETTER}(?:(?!${NOT})${LETTER}|[-_\/](?=${LETTER})|\.(?=\p{L})|` +
    String.raw`(?!${CLITIC}|'[nN](?!\p{L}))'(?=\p{L}))*`,
    String.raw`\.{2,}|-{2,}|[!?]{2,}`,
    String.raw`\S`,
  ].join("|"),
  "gu",
);
