import { readList } from "../../lib/cli/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";

const stream = (...pieces: string[]) =>
  ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece)));

Deno.test("readList() takes lines, or names ended by NUL, whatever pieces they come in", async () => {
  assertEquals(await readList(stream("a.j", "pg\r\n\nb c", ".jpg\n")), ["a.jpg", "b c.jpg"]);
  assertEquals(await readList(stream("a\n.jpg\0b", ".jpg\0")), ["a\n.jpg", "b.jpg"]);
  assertEquals(await readList(stream()), []);
});

Deno.test("readList() ends where a list has no end", async () => {
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1 << 16).fill(97)),
  });
  const { message } = await assertRejects(() => readList(endless, 1 << 20), RangeError);
  assert(message.includes("is longer than 1 MiB: list fewer names"), message);
});
