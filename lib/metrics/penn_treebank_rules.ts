/** Words that keep their full stop. */
const ABBREVIATIONS =
  "mr mrs ms dr drs prof st ste mt ft ct est dept univ ave blvd rd co cos inc " +
  "ltd corp etc cf vs messrs hon pres rep sen lt cpl pvt maj cmdr bros assn assoc asst jr sr gen " +
  "col sgt capt gov adm rev atty supt treas det insp mfg intl natl mme mlle brig lieut pfc bldg " +
  "esq ext sq al ph mon tue tues wed thu thurs fri jan feb mar apr jun jul aug sep sept oct nov " +
  "dec ala ariz calif colo conn fla ga ind kan ky md mich minn mo mont neb nev okla penn tenn va " +
  "vt wis wyo";

/** Words that keep it only when capitalised, as they are also ordinary words. */
const CAPITAL_ABBREVIATIONS = "Ore Wash Tex Mass Ark Del Ill La Miss Pa";

/** Words that keep it only before a number. */
const NUMBER_ABBREVIATIONS = "no nos art fig figs pp op prop ca";

const anyCase = (words: string) =>
  words.split(" ").flatMap((word) => [
    word,
    word[0].toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ]).join("|");

const LETTER = String.raw`[\p{L}\p{M}]`;
const SIGN = String.raw`[\p{L}\p{M}\p{Nd}]`; // of a word
const APOSTROPHE = "['’]";
const NOT = String.raw`[nN]['’\x60][tT](?!${LETTER})`; // n't
const CLITIC_LETTERS = "(?:[sSdDmM]|[rR][eE]|[vV][eE]|[lL]{2})";
const CLITIC = String.raw`(?:'${CLITIC_LETTERS}(?!${LETTER})|’${CLITIC_LETTERS})`;
const WORD = String.raw`(?:(?!${NOT})${SIGN})+`;
const REST_OF_URL = String.raw`(?:\/[^\s"<>]*[^\s"<>.,!?)(\]'-])?`;

/** The word that most tokens are: letters up to white space, or to a comma before it. */
export const PLAIN_WORD = /[A-Za-z]+(?=,?\s|,?$)/y;

/** A clitic, which is written with a straight apostrophe. */
export const CURLY_APOSTROPHE = /^(?:n’t|’(?:s|d|m|re|ve|ll))$/;

/** Each kind of token; of those that begin at a position the longest counts. */
export const LEXER_RULES: readonly RegExp[] = [
  String.raw`\s+`,
  String.raw`https?:\/\/[^\s"<>]*[^\s"<>.,!?)(-]`,
  String
    .raw`(?:www\.(?:[A-Za-z\d-]+\.)+[A-Za-z]+|(?:[A-Za-z\d-]+\.)+(?:com|net|org|edu)(?!${SIGN}))${REST_OF_URL}`,
  String.raw`[\p{L}\p{Nd}][^\s"<>()@]*@(?:[^\s"<>()@.]+\.)*[^\s"<>()@.]+`,
  String.raw`<[\/!?]?\p{L}[^<>]*>`,
  String.raw`&(?:#\d+|lt|gt|\w(?:acute|grave|circ|uml|tilde|cedil|ring));`,
  // Words: at10  cat.dog  t-shirt  and/or  10-year-old, up to a clitic
  String.raw`${WORD}(?:[-‐‑_]${WORD})*`,
  String.raw`(?!\d+(?:\/\d+){3})(?:(?!${NOT})[A-Za-z\d])+(?:[-_\/](?:(?!${NOT})[A-Za-z\d])+)+`,
  String.raw`(?=${LETTER})${WORD}(?:[.!?](?=${LETTER})${WORD})+(?:-${WORD})*`,
  NOT,
  CLITIC,
  String.raw`[cCdDlLoO]${APOSTROPHE}(?!${SIGN}*[nN]?${APOSTROPHE})${LETTER}{2,}(?:-${WORD})*`, // l'eau
  String.raw`[A-HJ-XZn]${APOSTROPHE}${LETTER}{2,}`, // K'NEX
  String.raw`(?:${
    anyCase("ma'am xi'an hawai'i cap'n s'mores c'mon ne'er e'er").replaceAll("'", APOSTROPHE)
  })(?!${SIGN})`,
  String
    .raw`[dDjJlL](?!${CLITIC})${APOSTROPHE}|[yY](?!${CLITIC})${APOSTROPHE}(?=\p{L})|[oO][lL]${APOSTROPHE}(?!${SIGN})`, // d', y'all, ol'
  String.raw`'(?:${anyCase("tis twas")})(?!${SIGN})|'[tT](?:is|was)(?=${NOT})`,
  String.raw`${APOSTROPHE}(?:${anyCase("em till til cause")}|\d0s)`,
  String.raw`${APOSTROPHE}\d\d(?=\s|$)`, // '67
  String.raw`${APOSTROPHE}[nN](?:${APOSTROPHE}|(?!${SIGN}))`, // rock 'n' roll
  // Abbreviations
  String.raw`(?:\p{L}\.)+(?:-${WORD}|(?!${LETTER}))`, // u.s.  p.  U.S.-based
  String.raw`[pP]h\.[dD]\.|(?:${anyCase(NUMBER_ABBREVIATIONS)})\.(?=\s*\d)`,
  String.raw`(?:${anyCase(ABBREVIATIONS)}|${CAPITAL_ABBREVIATIONS.replaceAll(" ", "|")})\.`,
  String.raw`\p{Lu}+&\p{Lu}+`, // R&B
  String.raw`[cC]\+\+|[cCfF]#`,
  // Numbers: 1,000  10:30  1/2  10/12/2013
  String.raw`[-+]?(?:\d*(?:[.,:]\d+)+|\d+)`,
  String.raw`[-+]?\d+[\/⁄]\d+(?:\/\d+)?`,
  String.raw`\(\d{3}\)[ -]?\d{3}[- ]\d{4}`,
  String.raw`[A-Z]*\$`,
  String.raw`#${LETTER}+|@(?:${LETTER}|_)+`,
  // Smileys
  String.raw`[<>]?[:;=][-o']?[()DPdpO\\{@|[\]](?!${SIGN})`,
  String.raw`[-^=~<>'x]_[-^=~<>'x]`,
  String.raw`\.{2,}|-{2,}|[!?]{2,}|_+|\*+|#+`,
  String.raw`[^]`,
].map((rule) => new RegExp(rule, "uy"));
