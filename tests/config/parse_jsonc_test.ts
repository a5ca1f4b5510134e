import { parseJsonc } from "../../lib/config/parse_jsonc.ts";
import { assertEquals, assertThrows } from "../assert.ts";

Deno.test("parseJsonc() reads JSON with comments, trailing commas and a byte order mark", () => {
  assertEquals(parseJsonc('\uFEFF// a\n{ "a": /* b */ [1, 2.5, "// c",], }\n'), {
    a: [1, 2.5, "// c"],
  });
});

const wrong: [text: string, message: string][] = [
  ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: found "b", expected "," or the end'],
  ['{ "a": }', "line 1, column 8: found }, expected a value"],
  ["{ a: 1 }", "line 1, column 3: found a, which is not a value: text needs double quotes"],
  ['{ "a" 1 }', 'line 1, column 7: found 1, expected ":" after the key'],
  ['{ "a": [1, 2 }', 'line 1, column 14: found }, expected "," or the end'],
  ['// x\n{ "a": 1', 'found the end of the file, expected "," or "}"'],
  ["", "line 1, column 1: found the end of the file, expected a value"],
  ['{ "a": "x\n" }', 'line 1, column 8: found "x, text without a closing quote on its line'],
  ["/* x", 'line 1, column 1: found /* x, a comment without "*/"'],
  ['{} "surplus"', 'line 1, column 4: found "surplus", expected the end of the file'],
  [`{ ${"a".repeat(99)} }`, `found ${"a".repeat(40)}…, which`],
];

for (const [text, message] of wrong) {
  Deno.test(`parseJsonc() of ${JSON.stringify(text.slice(0, 20))} says where and what`, () => {
    assertThrows(() => parseJsonc(text), SyntaxError, message);
  });
}
