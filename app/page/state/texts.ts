/// <reference lib="dom" />
import { computed, effect, signal } from "@preact/signals";
import { de } from "../texts/de.ts";
import { en, type Texts } from "../texts/en.ts";
import { recall, remember } from "./remembered.ts";

/** All languages of the page. */
export const languages: readonly Texts[] = [en, de];

const wanted = [recall("language"), ...navigator.languages.map((tag) => tag.split("-")[0])];
const known = wanted.find((code) => languages.some((each) => each.code === code));

/** Code of the language that is shown. */
export const language = signal(known ?? "en");

/** The texts that are shown. */
export const texts = computed(() => languages.find(({ code }) => code === language.value) ?? en);

effect(() => {
  document.documentElement.lang = language.value;
  if (language.value !== known) remember("language", language.value);
});

/** A number as people of the language write it. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(language.value, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).replace("-", "−");
}

/** A share as a percentage. */
export function percent(share: number): string {
  const digits = share > 0 && share < 0.01 || share > 0.99 && share < 1 ? 1 : 0;
  return share.toLocaleString(language.value, { style: "percent", maximumFractionDigits: digits });
}
