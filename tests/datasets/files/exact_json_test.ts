import fc from "fast-check";
import { parseExactJson } from "../../../lib/datasets/files/exact_json.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

Deno.test("parseExactJson() keeps integers beyond 2^53, and all else as JSON.parse has it", () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (id) => {
    const safe = id >= BigInt(Number.MIN_SAFE_INTEGER) && id <= BigInt(Number.MAX_SAFE_INTEGER);
    assertEquals(parseExactJson(`{"id": [${id}]}`), { id: [safe ? Number(id) : id] });
  }));
  fc.assert(fc.property(fc.json(), (text) => {
    fc.pre(!/\d{16}/.test(text));
    assertEquals(parseExactJson(text), JSON.parse(text));
  }));
  assertEquals(parseExactJson("[0.1234567890123456789, 1e30, -12345678901234567.0]"), [
    0.12345678901234568,
    1e30,
    -12345678901234568,
  ]);
});

Deno.test("parseExactJson() takes Python's NaN and Infinity for null, but not in strings", () => {
  assertEquals(parseExactJson('[NaN, -Infinity, "NaN", "\\"NaN"]'), [null, null, "NaN", '"NaN']);
  assertThrows(() => parseExactJson('{"a": NaN'), SyntaxError);
  assertThrows(() => parseExactJson("Nancy"), SyntaxError);
});
