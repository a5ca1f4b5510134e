import { ask } from "./ask.ts";
import type { Check } from "./check.ts";

/** Chromium, which only tests use. */
export async function browserCheck(): Promise<Check> {
  const version = await ask("chromium", "--version");
  return {
    what: "Chromium",
    state: version === undefined ? "missing" : "found",
    detail: version ?? "only tests of pages and notebooks use it",
    fix: version === undefined ? "apt install chromium" : undefined,
    needed: false,
  };
}
