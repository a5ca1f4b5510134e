import { parseJson } from "../../text/mod.ts";
import { isObject } from "./json_file.ts";
import { readLiteral } from "./python_literal.ts";

/** A caption as one line, without white space at its ends. */
export function oneLine(caption: string): string {
  if (!/[\r\n]/.test(caption)) return caption.trim();
  return caption.split(/[\r\n]+/).map((line) => line.trim()).filter(Boolean).join(" ");
}

/** What stands for a value that is missing, as pandas, R, spreadsheets and databases write it. */
export function isMissing(text: string): boolean {
  return /^(?:nan|none|null|na|n\/a|#n\/a|#n\/v|<na>|nat)?$/i.test(text.trim());
}

/** Keys of an object's captions, in order of preference. */
const KEYS = [
  ..."raw caption captions sentence sentences text texts description descriptions comment comments"
    .split(" "),
];

/**
 * The captions in a JSON value: a string, an object with captions as raw, caption, sentence, text or
 * the like, or else its tokens, or a list of these, also one with numbers as keys, in which null stands
 * for none; undefined for anything else.
 */
export function captionsIn(value: unknown): string[] | undefined {
  if (typeof value === "string") return [isMissing(value) ? "" : oneLine(value)];
  if (Array.isArray(value)) {
    if (areWordLists(value)) return value.map((words) => oneLine(words.join(" ")));
    const lists = value.filter((one) => one !== null).map(captionsIn);
    return lists.includes(undefined) ? undefined : lists.flat() as string[];
  }
  if (!isObject(value)) return undefined;
  for (const key of KEYS) {
    const captions = Object.hasOwn(value, key) ? captionsIn(value[key]) : undefined;
    if (captions !== undefined) return captions;
  }
  for (const { tokens } of [value]) if (isWordList(tokens)) return [oneLine(tokens.join(" "))];
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
    ? captionsIn(Object.values(value))
    : undefined;
}

/** Whether a value is a list of lists of single words, each of which is a caption. */
function areWordLists(value: readonly unknown[]): value is string[][] {
  return value.every(isWordList) && value.some((words) => words.length > 1);
}

function isWordList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((word) => typeof word === "string" && !/\s/.test(word));
}

/** The captions of a field, or why it has none. */
export type FieldCaptions =
  | {
    captions: string[];
    /** Whether they are a list's. */
    list: boolean;
  }
  | { reason: string };

/** The captions in a column: its text, or those of a list in it, be it JSON, Python's or numpy's. */
export function captionsInField(field: unknown): FieldCaptions {
  if (field === undefined || field === null) return { captions: [], list: false };
  if (typeof field === "number" || typeof field === "bigint") return captionsInField(String(field));
  if (typeof field === "string") return captionsInText(field);
  const captions = captionsIn(field);
  return captions === undefined
    ? { reason: "malformed, neither a caption nor a list of them" }
    : { captions, list: Array.isArray(field) };
}

function captionsInText(text: string): FieldCaptions {
  if (isMissing(text)) return { captions: [], list: false };
  if (PANDAS_SERIES.test(text)) {
    return { reason: "malformed, a pandas Series printed as text, which may be shortened" };
  }
  const quoted = quotedContainer(text);
  if (quoted !== undefined) return captionsInText(quoted);
  const literal = readLiteral(text);
  if (literal === "cut off") return { reason: "malformed, a list without its end" };
  if (literal === undefined && isUnquotedList(text)) {
    return { reason: "malformed, a list without quotation marks around its captions" };
  }
  const value = literal?.value;
  if (typeof value === "string" && /^\s*\w/.test(text)) { // b'…', np.str_('…')
    return { captions: [oneLine(value)], list: false };
  }
  if (typeof value !== "object") return { captions: [oneLine(text)], list: false };
  const captions = value === null ? [] : captionsIn(value);
  if (captions !== undefined) return { captions, list: true };
  return {
    reason: Array.isArray(value)
      ? "malformed, a list without captions"
      : "malformed, neither a caption nor a list of them",
  };
}

/** The list or object in a text that is a JSON string of JSON. */
function quotedContainer(text: string): string | undefined {
  if (!/^\s*"\s*[[{][^]*[\]}]\s*"\s*$/.test(text)) return undefined;
  try {
    return parseJson(text) as string;
  } catch {
    return undefined;
  }
}

/** `[A dog, A cat]`, `{A dog,A cat}`, `WrappedArray(A dog, A cat)` as a whole, which say not where a caption ends. */
function isUnquotedList(text: string): boolean {
  const whole = /^(?:\[[^[\]]*\]|\{[^{}]*\}|[A-Za-z_][\w.]*\([^()]*\))$/;
  return text.includes(",") && whole.test(text.trim());
}

const PANDAS_SERIES = /^\S+ {4}[^]*\n(?:Name: [^\n]*, )?(?:Length: \d+, )?dtype: \w+\s*$/;
