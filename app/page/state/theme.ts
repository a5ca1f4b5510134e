/// <reference lib="dom" />
import { effect, signal } from "@preact/signals";
import { recall, remember } from "./remembered.ts";

/** Which colours the page has: `auto` follows the system. */
export type Theme = "auto" | "light" | "dark";

/** In the order in which they are offered. */
export const themes: readonly Theme[] = ["auto", "light", "dark"];

/** The chosen one. */
export const theme = signal<Theme>(
  themes.find((each) => each === recall("theme")) ?? "auto",
);

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  remember("theme", theme.value === "auto" ? null : theme.value);
});
