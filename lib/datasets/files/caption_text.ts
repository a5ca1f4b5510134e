import { isObject } from "./json_file.ts";
import { readLiteral } from "./python_literal.ts";

/** A caption as one line, without white space at its ends. */
export function oneLine(caption: string): string {
  return caption.replace(/\s*[\r\n]+\s*/g, " ").trim();
}

/** Keys of an object's captions, in order of preference. */
const KEYS = [
  ..."raw caption captions sentence sentences text texts description descriptions comment comments"
    .split(" "),
];

/**
 * The captions in a JSON value: a string, an object with captions as raw, caption, sentence, text or
 * the like, or a list of these, also one with numbers as keys, in which null stands for none; undefined
 * for anything else.
 */
export function captionsIn(value: unknown): string[] | undefined {
  if (typeof value === "string") return [oneLine(value)];
  if (Array.isArray(value)) {
    const lists = value.filter((one) => one !== null).map(captionsIn);
    return lists.includes(undefined) ? undefined : lists.flat() as string[];
  }
  if (!isObject(value)) return undefined;
  for (const key of KEYS) {
    const captions = Object.hasOwn(value, key) ? captionsIn(value[key]) : undefined;
    if (captions !== undefined) return captions;
  }
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
    ? captionsIn(Object.values(value))
    : undefined;
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
  if (PANDAS_SERIES.test(text)) {
    return { reason: "malformed, a pandas Series printed as text, which may be shortened" };
  }
  const literal = readLiteral(text);
  if (literal === "cut off") return { reason: "malformed, a list without its end" };
  const value = literal?.value;
  if (typeof value === "string" && /^\s*\w/.test(text)) { // b'…', np.str_('…')
    return { captions: [oneLine(value)], list: false };
  }
  const captions = typeof value === "object" ? captionsIn(value) : undefined;
  if (captions !== undefined) return { captions, list: true };
  return Array.isArray(value)
    ? { reason: "malformed, a list without captions" }
    : { captions: [oneLine(text)], list: false };
}

const PANDAS_SERIES = /^\S+ {4}[^]*\n(?:Name: [^\n]*, )?(?:Length: \d+, )?dtype: \w+\s*$/;
