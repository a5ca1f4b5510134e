import { pennTreebankWords } from "../../lib/metrics/mod.ts";
import { assertEquals } from "../assert.ts";
import expected from "./penn_treebank.json" with { type: "json" };

for (const [caption, words] of expected.rows) {
  Deno.test(`pennTreebankWords() equals the COCO evaluation on: ${caption}`, () => {
    assertEquals(pennTreebankWords(caption).join(" "), words);
  });
}

Deno.test("pennTreebankWords() of no words is empty", () => {
  assertEquals(pennTreebankWords(""), []);
  assertEquals(pennTreebankWords(" .\n,"), []);
});
