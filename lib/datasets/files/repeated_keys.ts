import { basename } from "node:path";
import { shorten } from "../../text/mod.ts";
import { type JsonKeys, readJsonKeys } from "./json_keys.ts";

/**
 * What is to be said of a JSON file, an object of which has a key more than once.
 *
 * @param keys as they were read
 */
export function describeRepeated(path: string, { repeated }: JsonKeys): string[] {
  if (repeated === undefined) return [];
  const { key, line } = repeated;
  return [
    `${basename(path)} has a key more than once, "${
      shorten(key)
    }" in line ${line}: its last value counts`,
  ];
}

/**
 * The same of a large file: its keys are read one by one only where the text has more of them than the
 * values.
 *
 * @param text valid JSON
 * @param json its values
 */
export function findRepeated(path: string, text: string, json: unknown): string[] {
  return keysInText(text) > keysIn(json) ? describeRepeated(path, readJsonKeys(text)) : [];
}

/** Strings with a colon behind. */
function keysInText(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = afterString(text, at);
    while (/\s/.test(text[at])) at++;
    if (text[at] === ":") count++;
  }
  return count;
}

function afterString(text: string, begin: number): number {
  let end = begin + 1;
  while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const parts = Object.values(value);
  const own = Array.isArray(value) ? 0 : parts.length;
  return parts.reduce((sum, part) => sum + keysIn(part), own);
}
