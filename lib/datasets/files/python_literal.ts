/** Thrown where a text is not a literal. */
class NotALiteral extends Error {}

/** Thrown where a text ends within a literal, or numpy has left values out of it. */
class CutOff extends Error {}

/**
 * The value of a list, tuple, set or dictionary as Python, numpy, pandas, R or JSON write it: a string
 * that is one as a whole, such as `['A dog.', "A man's dog."]`, `['A dog.' 'A cat.']`,
 * `array(['A dog.'], dtype=object)`, `[np.str_('A dog.')]` or `["A dog."]`. Bytes are decoded as UTF-8;
 * None and nan are null.
 *
 * @returns undefined for any other text, also one that merely begins like that; "cut off" for a list
 * with complete strings and no end
 */
export function readLiteral(text: string): { value: unknown } | "cut off" | undefined {
  const printed = text.replace(TENSOR, "$1");
  if (!BEGINNING.test(printed)) return undefined;
  const literal = printed.trim().replace(/^<\w+>\s*/, "").replace(PANDAS_ENDING, "");
  // Who joins strings by hand does not escape the quotation marks in them.
  for (const quotes of ["escaped", "unescaped"] as const) {
    try {
      return { value: new LiteralReader(literal, quotes).read() };
    } catch (error) {
      if (error instanceof CutOff && quotes === "escaped") return "cut off";
      if (!(error instanceof NotALiteral || error instanceof CutOff)) throw error;
    }
  }
  return undefined;
}

const BEGINNING = /^\s*(?:<\w+>\s*)?(?:[[({]|[A-Za-z_][\w.]*\(\s*[[({'"A-Za-z_]|[bB]['"])/;

/** What TensorFlow prints around the numpy array of a tensor. */
const TENSOR = /^\s*<tf\.Tensor: [^]*?numpy=([^]*)>\s*$/;

/** Lines that pandas prints below an array's values. */
const PANDAS_ENDING = /\n(?:Length: \d+|Categories \()[^]*$/;

const CONSTANTS: Record<string, unknown> = {
  None: null,
  nan: null,
  NaN: null,
  NaT: null,
  null: null,
  True: true,
  False: false,
  true: true,
  false: false,
};

const ESCAPES: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\n": "",
};

/** Lists within each other, of which captions have two or three. */
const DEEPEST = 50;

const CLOSING: Record<string, string> = { "[": "]", "(": ")", "{": "}" };

class LiteralReader {
  readonly #text: string;
  readonly #quotes: "escaped" | "unescaped";
  #at = 0;
  /** Strings that are complete. */
  #strings = 0;
  #depth = 0;

  constructor(text: string, quotes: "escaped" | "unescaped") {
    this.#text = text;
    this.#quotes = quotes;
  }

  read(): unknown {
    const value = this.#value();
    this.#take(/\s*/y);
    if (this.#at < this.#text.length) throw new NotALiteral();
    return value;
  }

  #value(): unknown {
    this.#take(/\s*/y);
    const open = this.#take(/[[({]/y);
    if (open !== undefined) return this.#within(() => this.#container(open, CLOSING[open]));
    const prefix = this.#take(/[bBuUrRfF]{0,2}(?=['"])/y);
    if (prefix !== undefined) return this.#string(prefix.toLowerCase());
    const called = this.#take(/[A-Za-z_][\w.]*\(/y);
    if (called !== undefined) return this.#within(() => this.#call());
    const number = this.#take(/[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y);
    if (number !== undefined) return Number(number.replaceAll("_", ""));
    if (this.#take(/<NA>/y) !== undefined) return null;
    const word = this.#take(/[A-Za-z_]\w*/y);
    if (word !== undefined && Object.hasOwn(CONSTANTS, word)) return CONSTANTS[word];
    if (this.#take(/\.\.\./y) !== undefined && this.#strings > 0) throw new CutOff();
    throw this.#wrong();
  }

  #within(read: () => unknown): unknown {
    if (++this.#depth > DEEPEST) throw new NotALiteral();
    const value = read();
    this.#depth--;
    return value;
  }

  /** Values up to the closing bracket, with commas, or as numpy does with white space between. */
  #container(open: string, close: string): unknown {
    const values: unknown[] = [];
    const pairs: [string, unknown][] = [];
    let commas = 0;
    for (;;) {
      this.#take(/\s*/y);
      if (this.#text[this.#at] === close) break;
      const value = this.#value();
      if (open === "{" && this.#take(/\s*:/y) !== undefined) {
        pairs.push([String(value), this.#value()]);
      } else values.push(value);
      const between = this.#take(/\s*,|\s+/y);
      if (between?.trim() === ",") commas++;
      else if (between === undefined && this.#text[this.#at] !== close) throw this.#wrong();
    }
    this.#at++;
    if (pairs.length > 0) return Object.fromEntries(pairs);
    return open === "(" && commas === 0 && values.length === 1 ? values[0] : values;
  }

  /** The value of `array([…], dtype=object)` or `np.str_(…)`; the arguments of R's `c(…)`. */
  #call(): unknown {
    const values: unknown[] = [];
    for (;;) {
      this.#take(/\s*/y);
      if (this.#take(/\w+\s*=\s*(?:'[^']*'|"[^"]*"|[\w.<>[\]]+)/y) === undefined) {
        const isNamed = this.#take(/\w+\s*=(?=\s*[([{])/y) !== undefined; // shape=(2,)
        const value = this.#value();
        if (!isNamed) values.push(value);
      }
      if (this.#take(/\s*,/y) === undefined) break;
    }
    if (this.#take(/\s*\)/y) === undefined) throw this.#wrong();
    return values.length > 1 && !Array.isArray(values[0]) ? values : values[0];
  }

  #string(prefix: string): string {
    const quote = this.#text[this.#at++];
    let text = "";
    for (;;) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw this.#wrong();
      if (char === quote && this.#ends()) break;
      if (char !== "\\") text += char;
      else if (prefix.includes("r")) text += char + (this.#text[this.#at++] ?? "");
      else text += this.#escape();
    }
    this.#strings++;
    return prefix.includes("b") ? decode(text) : text;
  }

  /** Whether a quotation mark ends its string. */
  #ends(): boolean {
    if (this.#quotes === "escaped") return true;
    const rest = this.#text.slice(this.#at);
    return /^\s*(?:,\s*(?:['"\]]|None|nan)|\]\s*$)/.test(rest);
  }

  #escape(): string {
    const hex = this.#take(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (hex !== undefined) {
      const code = parseInt(hex.slice(1), 16);
      if (code > 0x10ffff) throw new NotALiteral();
      return String.fromCodePoint(code);
    }
    const octal = this.#take(/[0-7]{1,3}/y);
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
    const char = this.#text[this.#at++] ?? "";
    return ESCAPES[char] ?? (/['"\\/]/.test(char) ? char : `\\${char}`);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  #wrong(): Error {
    return this.#at >= this.#text.length && this.#strings > 0 ? new CutOff() : new NotALiteral();
  }
}

/** Bytes, one a character, as UTF-8. */
function decode(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}
