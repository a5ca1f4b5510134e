import { readJsonKeys } from "../../../lib/datasets/files/json_keys.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("readJsonKeys() has keys in the order of the text, and tells one that is there twice", () => {
  const text = `{"10": {"b": 1, "2": [{"x": 1}], "1": {}}, "9": [],\n "10": {"3": 1, "2": 2}}`;
  const keys = readJsonKeys(text);
  assertEquals(keys.of([]), ["10", "9"]);
  assertEquals(keys.of(["10"]), ["3", "2"]);
  assertEquals(keys.of(["9"]), undefined);
  assertEquals(keys.repeated, { key: "10", line: 2 });
  assertEquals(readJsonKeys('[{"a": 1}, {"a": 2}]').repeated, undefined);
});
