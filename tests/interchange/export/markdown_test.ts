import fc from "fast-check";
import { codeSpan, plainText, table } from "../../../lib/interchange/export/markdown.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("plainText() shows tags, links, pictures, code and formulas as they are written", () => {
  const cases: [string, string][] = [
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["&lt;b&gt;", "&amp;lt;b&amp;gt;"],
    ["![x](https://a.b/c.png)", "!\\[x\\](https://a.b/c.png)"],
    ["`rm` **now** ~~not~~ $x$", "\\`rm\\` \\*\\*now\\*\\* \\~\\~not\\~\\~ \\$x\\$"],
    ["a | b\\", "a \\| b\\\\"],
    ["one\n\n# two\r\n- three", "one # two - three"],
    ["\x1b[31mred\u202e", "\\\\x1b\\[31mred\\\\u202e"],
  ];
  for (const [text, expected] of cases) assertEquals(plainText(text), expected);
});

Deno.test("plainText() begins no heading, list, quotation or rule", () => {
  const cases: [string, string][] = [
    ["# a", "\\# a"],
    ["- a", "\\- a"],
    ["+ a", "\\+ a"],
    ["1. a", "1\\. a"],
    ["12) a", "12\\) a"],
    ["> a", "&gt; a"],
    ["---", "\\---"],
    ["===", "\\==="],
    ["___", "\\_\\_\\_"],
  ];
  for (const [text, expected] of cases) assertEquals(plainText(text), expected);
});

Deno.test("plainText() leaves names and sentences as they are", () => {
  const plain = ["par_inject_vgg16", "A model, trained in 3.5 h: 40% better!", "Hunde (groß)"];
  for (const text of plain) assertEquals(plainText(text), text);
  assertEquals(plainText("_a_ b_ _c"), "\\_a\\_ b\\_ \\_c");
});

Deno.test("codeSpan() is one span of one cell, whatever its text has", () => {
  assertEquals(codeSpan("bleu|n:4"), "`bleu\\|n:4`");
  assertEquals(codeSpan("a\nb"), "`a\\nb`");
  assertEquals(codeSpan("a`<b>"), "<code>a\\`&lt;b&gt;</code>");
  assertEquals(codeSpan("a\\|b"), "<code>a\\\\\\|b</code>");
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const span = codeSpan(text);
    assert(/^`[^`]+`$|^<code>[^<>]*<\/code>$/.test(span), span);
    const pairs = span.match(/\\.|[^\\]/gu)!; // a character, or an escaped one
    assert(!pairs.includes("|"), span);
  }));
});

Deno.test("table() has a row of dashes below its head", () => {
  assertEquals(table(["a", "b"], [["1", "2"]]), "| a | b |\n| --- | --- |\n| 1 | 2 |");
});
