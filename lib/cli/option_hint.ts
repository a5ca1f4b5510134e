import type { Command } from "commander";
import { keysMeant } from "../config/mod.ts";
import { nearName, wordList } from "../text/mod.ts";

/** Among shorter words everything is near: --cpu is not --gpu. */
const SHORTEST = 4;

/** So many keys are named; with more, a word tells too little. */
const MOST_KEYS = 4;

/**
 * What an unknown option probably stands for: an option of the command, or a key of the config.
 *
 * @param given the option with its value, such as `--epochs=3`
 * @param keys dotted keys that may be set by options too
 */
export function optionHint(command: Command, given: string, keys: readonly string[]): string {
  const equals = given.indexOf("=");
  const value = equals < 0 ? "" : given.slice(equals);
  const word = given.slice(2, equals < 0 ? undefined : equals);
  const inner = keys.filter((key) => key.startsWith(`${word}.`));
  if (inner.length > 0) {
    return `${word} is a part of the config: its keys are set by --${word}.KEY=VALUE, ` +
      `such as --${inner[0]}=VALUE`;
  }
  const own = command.options.map(({ long }) => long!.slice(2));
  const named = keysMeant(camel(word), keys).slice(0, MOST_KEYS); // with - and _ for capitals
  const meant = named.length > 0 ? named : nearOwn(word, own) ?? nearKeys(word, keys);
  if (meant !== undefined) {
    return `did you mean ${meant.map((key) => `--${key}${value}`).join(" or ")}?`;
  }
  const options = [...own, "help"].map((name) => `--${name}`);
  return `the task has ${wordList(options, "and")}` +
    (keys.length === 0 ? "" : "; keys of the config are set by --KEY=VALUE, such as " +
      "--training.epochs=3");
}

function nearOwn(word: string, own: readonly string[]): string[] | undefined {
  const near = word.length < SHORTEST ? undefined : nearName(word, own);
  return near === undefined ? undefined : [near];
}

/** Keys whose last part is near the word. */
function nearKeys(word: string, keys: readonly string[]): string[] | undefined {
  if (word.length < SHORTEST) return undefined;
  const near = nearName(camel(word), keys.map((key) => key.split(".").at(-1)!)) ??
    nearName(camel(word), keys);
  return near === undefined ? undefined : keysMeant(near, keys);
}

function camel(word: string): string {
  return word.replace(/[-_]([a-z])/g, (_, letter) => letter.toUpperCase());
}
