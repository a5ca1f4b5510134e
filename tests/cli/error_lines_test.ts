import { errorLines } from "../../lib/cli/error_lines.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("errorLines() has the message in one line, the calls, and what caused it", () => {
  const cause = new TypeError("below");
  const lines = errorLines(new RangeError("a\n    at forged (b.ts:1:1)", { cause }));
  assertEquals(lines[0], "RangeError: a\n    at forged (b.ts:1:1)"); // whose end is shown when printed
  assert(!lines.slice(1).some((line) => line.includes("forged")));
  assert(/^ +at .*error_lines_test\.ts/.test(lines[1]), lines[1]);
  const below = lines.indexOf("Caused by:");
  assertEquals(lines[below + 1], "  TypeError: below");
});

Deno.test("errorLines() tells each of several errors, and what is no error", () => {
  const lines = errorLines(new AggregateError([new Error("one"), new Error("two")], "both"));
  for (const line of ["AggregateError: both", "  Error: one", "  Error: two"]) {
    assert(lines.includes(line), lines.join("\n"));
  }
  assertEquals(errorLines("text"), ["text"]);
  assertEquals(errorLines(undefined), ["undefined"]);
});
