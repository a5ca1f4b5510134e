import { wrapIndented } from "../../lib/cli/wrap_indented.ts";
import { assertEquals } from "../assert.ts";

Deno.test("wrapIndented() breaks long lines between words and keeps their indentation", () => {
  assertEquals(
    wrapIndented("--key\n    photos per file of the cache", 20),
    "--key\n    photos per file\n    of the cache",
  );
});

Deno.test("wrapIndented() leaves lines that fit, and words that never do, as they are", () => {
  assertEquals(wrapIndented("  two   words", 13), "  two   words");
  assertEquals(wrapIndented("  a averyverylongword b", 10), "  a\n  averyverylongword\n  b");
  assertEquals(wrapIndented("anything  at all", Infinity), "anything  at all");
});
