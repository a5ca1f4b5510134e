import { decodeUtf8 } from "../../lib/text/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";

const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]
    ),
  );

Deno.test("decodeUtf8() reads UTF-8, with byte order mark or replacement characters too", () => {
  for (const text of ["", "ä\n\ufffd€🐕", "a"]) {
    assertEquals(decodeUtf8(bytes(text), "F"), text);
    assertEquals(decodeUtf8(bytes("\ufeff", text), "F"), text);
  }
});

Deno.test("decodeUtf8() names line and byte of what is not UTF-8", () => {
  const cases: [Uint8Array, string][] = [
    [bytes("M", 0xe4, "dchen"), "byte 1 in line 1 is 0xe4,"],
    [bytes("ä\n\ufffd", 0x80), "byte 6 in line 2 is 0x80,"],
    [bytes("\ufeffab", 0xc3), "byte 5 in line 1 is 0xc3,"],
    [bytes("a\r\nb\n", 0xff, 0xfe), "byte 5 in line 3 is 0xff,"],
  ];
  for (const [given, expected] of cases) {
    const error = assertThrows(() => decodeUtf8(given, "F"), SyntaxError);
    assertEquals(error.message.includes(`F is not UTF-8: ${expected}`), true, error.message);
  }
});

Deno.test("decodeUtf8() names UTF-16, with byte order mark or without", () => {
  for (const given of [bytes(0xff, 0xfe), bytes(0xfe, 0xff, 0, 0x7b), bytes("{", 0, '"', 0)]) {
    const error = assertThrows(() => decodeUtf8(given, "F"), SyntaxError);
    assertEquals(error.message, "F is UTF-16 text: save it as UTF-8");
  }
});
