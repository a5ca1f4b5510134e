import { isCutOffJpeg } from "../../lib/images/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("ffi", "env", "read");

async function jpeg(options: { progressive?: boolean; thumbnail?: Uint8Array } = {}) {
  const { default: sharp } = await import("sharp");
  const pixels = new Uint8Array(200 * 90 * 3).map((_, at) => at * at * 31 % 251);
  const photo = sharp(pixels, { raw: { width: 200, height: 90, channels: 3 } });
  const bytes = new Uint8Array(await photo.jpeg(options).toBuffer());
  const { thumbnail } = options;
  if (thumbnail === undefined) return bytes;
  const size = thumbnail.length + 2;
  const header = [0xff, 0xd8, 0xff, 0xe1, size >> 8, size & 255];
  return new Uint8Array([...header, ...thumbnail, ...bytes.subarray(2)]);
}

Deno.test({
  name: "isCutOffJpeg() is true of a JPEG cut off at any position, and false of a complete one",
  ignore,
  fn: async () => {
    for (const progressive of [false, true]) {
      const thumbnail = await jpeg();
      const whole = await jpeg({ progressive, thumbnail });
      assertEquals(isCutOffJpeg(whole), false);
      assertEquals(isCutOffJpeg(new Uint8Array([...whole, 0, 0, 0xff, 0xda, 7])), false);
      for (let size = 1; size < whole.length; size++) {
        if (size === 6 + thumbnail.length) continue; // its end looks like that of the whole
        assert(isCutOffJpeg(whole.subarray(0, size)), `${size} of ${whole.length} bytes`);
      }
    }
  },
});

Deno.test("isCutOffJpeg() is false of no bytes and of data that is not a JPEG or only begins like one", () => {
  for (const text of ["", "no photo", "\x89PNG", "\xff\xd8\xff\0\0\0", "\xff\xd8 photo"]) {
    assertEquals(isCutOffJpeg(Uint8Array.from(text, (sign) => sign.charCodeAt(0))), false);
  }
});
