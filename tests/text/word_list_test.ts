import { counted, wordList } from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("wordList() lists none, one, two and more items as sentences do", () => {
  const lists = [[], ["a"], ["a", "b"], ["a", "b", "c"]].map((items) => wordList(items, "and"));
  assertEquals(lists, ["", "a", "a and b", "a, b and c"]);
  assertEquals(wordList(["a", "b", "c"], "or"), "a, b or c");
});

Deno.test("counted() gives one thing no plural", () => {
  assertEquals([0, 1, 2].map((n) => counted(n, "photo")), ["0 photos", "1 photo", "2 photos"]);
});
