import { ConfigError } from "../config/mod.ts";
import type { TokenizerOptions } from "../interchange/mod.ts";
import { cleaningPresets, cleaningSteps, type TextSettings, textSettings } from "../text/mod.ts";

const CLEANING = "text.cleaning=";
const START = "text.markers.start=";
const END = "text.markers.end=";

/** Whether an override tells what a Keras tokenizer's file leaves open. */
export function isTokenizerOption(override: string): boolean {
  return [CLEANING, START, END].some((key) => override.startsWith(key));
}

/**
 * What the overrides tell of a Keras tokenizer.
 *
 * @throws {ConfigError} if there is no such cleaning, or a marker is not one word
 */
export function tokenizerOptions(overrides: readonly string[]): TokenizerOptions {
  const valueOf = (key: string) =>
    overrides.findLast((override) => override.startsWith(key))?.slice(key.length);
  const [cleaning, start, end] = [CLEANING, START, END].map(valueOf);
  return {
    ...cleaning === undefined ? {} : { cleaning: cleaningOf(cleaning) },
    markers: {
      ...start === undefined ? {} : { start: markerOf(START, start) },
      ...end === undefined ? {} : { end: markerOf(END, end) },
    },
  };
}

function cleaningOf(value: string): TextSettings["cleaning"] {
  const { success, data } = textSettings.safeParse({
    cleaning: value.startsWith("[") ? value.slice(1, -1).match(/\w+/g) ?? [] : value,
  });
  if (success) return data.cleaning;
  throw new ConfigError(
    `--text.cleaning is "${value}"; it must be one of ${
      Object.keys(cleaningPresets).join(", ")
    }, ` +
      `or a list of ${Object.keys(cleaningSteps).join(", ")}`,
  );
}

function markerOf(key: string, value: string): string {
  const word = value.replace(/^"(.*)"$/, "$1");
  if (/^\S+$/.test(word)) return word;
  throw new ConfigError(`--${key.slice(0, -1)} is "${value}"; it must be one word`);
}
