import { ask } from "./ask.ts";
import type { Check } from "./check.ts";

/** Checks for Chromium, which tests and pictures use. */
export async function browserCheck(): Promise<Check> {
  const version = await ask("chromium", "--version");
  return {
    what: "Chromium",
    state: version === undefined ? "missing" : "found",
    detail: version ?? "only tests and `deno task pictures` use it",
    fix: version === undefined ? "apt install chromium" : undefined,
    needed: false,
  };
}
