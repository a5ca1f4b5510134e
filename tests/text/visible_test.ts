import fc from "fast-check";
import { visible, visibleJson, visibleLines } from "../../lib/text/mod.ts";
import { assert, assertEquals } from "../assert.ts";

/** What a terminal obeys: told by Unicode's own classes, not by the function's list. */
const OBEYED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|\p{Bidi_Control}/u;

const lines = fc.string({ unit: "binary" });

Deno.test("visible() shows control characters, turns of direction and ends of lines", () => {
  assertEquals(visible("a\x1b[31mb\x07"), "a\\x1b[31mb\\x07");
  assertEquals(visible("one\ntwo\r\tthree"), "one\\ntwo\\r\\tthree");
  assertEquals(visible("\x7f\x80\x9b2J\x9f"), "\\x7f\\x80\\x9b2J\\x9f");
  assertEquals(visible("photo\u202egpj.exe\u2066\u200f"), "photo\\u202egpj.exe\\u2066\\u200f");
  assertEquals(visible("a\u2028b\u2029c\ud800d"), "a\\u2028b\\u2029c\\ud800d");
});

Deno.test("visible() leaves words of all scripts, their marks and emoji as they are", () => {
  const words = [
    "Ein Hund läuft über die Straße",
    "cafe\u0301", // a mark of its own
    "שלום عَلَيْكُم मैं नमस्ते क्‍ष می‌خواهم", // Devanagari's and Persian's joiners
    "一只狗 犬が走る 개가 ᠮᠣᠩᠭᠣᠯ ภาษาไทย",
    "👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 🇩🇪 C:\\photos\\new",
  ];
  for (const word of words) assertEquals(visible(word), word);
});

Deno.test("visible() leaves nothing that a terminal obeys, and changes nothing twice", () => {
  fc.assert(fc.property(lines, (text) => {
    const shown = visible(text);
    assert(!OBEYED.test(shown), JSON.stringify(shown));
    assertEquals(visible(shown), shown);
    if (!OBEYED.test(text)) assert(shown === text || /[\u206a-\u206f]/.test(text));
  }));
});

Deno.test("visible() changes each character by itself, and visibleLines() keeps the lines", () => {
  fc.assert(fc.property(lines, lines, (a, b) => {
    assertEquals(visible(a) + visible(`:${b}`), visible(`${a}:${b}`));
    assertEquals(visibleLines(`${a}\n${b}`), `${visibleLines(a)}\n${visibleLines(b)}`);
  }));
});

Deno.test("visibleJson() is one line that nothing obeys, and reads as the same value", () => {
  assertEquals(visibleJson({ "a\x9b": "\u202e" }), '{"a\\u009b":"\\u202e"}');
  fc.assert(fc.property(fc.jsonValue({ stringUnit: "binary" }), lines, (value, text) => {
    const json = visibleJson([value, text]);
    assert(!OBEYED.test(json), json);
    assertEquals(JSON.parse(json), JSON.parse(JSON.stringify([value, text])));
  }));
});
