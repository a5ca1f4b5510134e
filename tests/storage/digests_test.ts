import fc from "fast-check";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import { digestFile, digestJson, sha256, sha256OffThread } from "../../lib/storage/mod.ts";
import { canonicalJson } from "../../lib/storage/digests.ts";

Deno.test("sha256() and sha256OffThread() equal FIPS 180-4's examples", async () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(sha256("abc"), abc);
  assertEquals(sha256(new Uint8Array([97, 98, 99])), abc);
  assertEquals(await sha256OffThread(new Uint8Array([97, 98, 99])), abc);
});

Deno.test({
  name: "digestFile() equals sha256() of the content, and md5 where asked",
  ignore: !granted("read", "write"),
  fn: async () => {
    const path = await Deno.makeTempFile();
    const bytes = new Uint8Array(6_001).map((_, i) => i % 251);
    await Deno.writeFile(path, bytes);
    assertEquals(await digestFile(path), sha256(bytes));
    assertEquals(await digestFile(path, "sha256", new Uint8Array(7)), sha256(bytes));
    await Deno.writeTextFile(path, "abc");
    assertEquals(await digestFile(path, "md5"), "900150983cd24fb0d6963f7d28e17f72");
    await Deno.remove(path);
  },
});

Deno.test("digestJson() does not depend on the order of keys", () => {
  assertEquals(
    digestJson({ a: 1, b: { c: 2, d: [3, null] } }),
    digestJson(
      { b: { d: [3, null], c: 2 }, a: 1, x: undefined },
    ),
  );
  assert(digestJson([1, 2]) !== digestJson([2, 1]));
  assertThrows(() => digestJson({ rate: NaN }), TypeError, "NaN");
  assertThrows(() => digestJson({ rate: new Map() }), TypeError);
});

Deno.test("canonicalJson() reads back as the same value", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const plain = JSON.parse(JSON.stringify(value));
    assertEquals(JSON.parse(canonicalJson(plain)), plain);
  }));
});
