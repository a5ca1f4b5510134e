import fc from "fast-check";
import { shellWord } from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test("shellWord() writes control characters of C1 by their code point", () => {
  assertEquals(shellWord("a\x85b\x9b\x1b"), "$'a\\u0085b\\u009b\\x1b'");
  assertEquals(shellWord("\\x85\x85'"), "$'\\\\x85\\u0085\\''");
});

Deno.test({
  name: "shellWord() is read by bash as it was",
  ignore: !granted("read", "run", "env"),
  fn: async () => {
    const character = fc.oneof(
      fc.integer({ min: 1, max: 0x9f }).map((code) => String.fromCharCode(code)),
      fc.constantFrom("\\", "'", "ä", "犬", "\u202e", "\u2028", "\\x85"),
    );
    const words = fc.sample(fc.array(character).map((some) => some.join("")), 300);
    const { stdout } = await new Deno.Command("bash", {
      args: ["-c", `printf '%s\\0' ${words.map(shellWord).join(" ")}`],
      env: { LC_ALL: "C.UTF-8" },
    }).output();
    assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
  },
});
