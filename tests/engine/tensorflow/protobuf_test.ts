import { message } from "../../../lib/engine/tensorflow/protobuf.ts";
import { assertEquals } from "../../assert.ts";

const bytes = (written: string) => [...written].map((character) => character.charCodeAt(0));

Deno.test("message() has the bytes of the wire format's documentation", () => {
  assertEquals(bytes(message([1, 150])), [0x08, 0x96, 0x01]);
  assertEquals(bytes(message([2, "testing"])), [
    0x12,
    0x07,
    ...new TextEncoder().encode("testing"),
  ]);
  assertEquals(bytes(message([3, message([1, 150])])), [0x1a, 0x03, 0x08, 0x96, 0x01]);
  assertEquals(bytes(message([1, -2])), [0x08, 0xfe, ...Array(8).fill(0xff), 0x01]);
  assertEquals(bytes(message([1, 0], [16, 127], [1, 128])), [8, 0, 0x80, 1, 127, 8, 0x80, 1]);
});
