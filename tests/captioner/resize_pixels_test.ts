import { resizePixels } from "../../lib/captioner/resize_pixels.ts";
import { decodePhoto, imageSettings } from "../../lib/images/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "ffi", "env", "sys");

/** RGB bytes of slow waves with a hard edge in the middle. */
function waves(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    return 128 + 60 * Math.sin((x + c * y) / 7) + (x > width / 2 ? 50 : 0);
  });
}

for (const [width, height] of [[150, 110], [101, 203]]) {
  for (const fit of ["stretch", "crop"] as const) {
    for (const kernel of ["nearest", "bilinear", "bicubic", "lanczos"] as const) {
      Deno.test({
        name: `resizePixels() of ${width} × ${height} by ${kernel}, ${fit}, is near decodePhoto()`,
        ignore,
        fn: async () => {
          const data = waves(width, height);
          const { default: sharp } = await import("sharp");
          const png = await sharp(data, { raw: { width, height, channels: 3 } }).png().toBuffer();
          const settings = { ...imageSettings.parse({ fit, kernel }), imageSize: 64 };
          const expected = await decodePhoto(png, settings);
          const found = resizePixels({ data, width, height }, settings);
          assertEquals(found.length, expected.length);
          const sum = expected.reduce((sum, value, i) => sum + Math.abs(value - found[i]), 0);
          const difference = sum / found.length;
          assert(difference <= (kernel === "nearest" ? 0 : 0.25), `${difference}`);
        },
      });
    }
  }
}

for (const kernel of ["nearest", "bilinear", "bicubic", "lanczos"] as const) {
  Deno.test(`resizePixels() by ${kernel} changes nothing at the size wanted`, () => {
    const data = waves(31, 31);
    const settings = { imageSize: 31, fit: "stretch", kernel } as const;
    assertEquals(resizePixels({ data, width: 31, height: 31 }, settings), data);
  });
  Deno.test(`resizePixels() by ${kernel} enlarges one colour to the same colour`, () => {
    const data = new Uint8Array(5 * 4 * 3).fill(77);
    const settings = { imageSize: 9, fit: "crop", kernel } as const;
    assertEquals(
      resizePixels({ data, width: 5, height: 4 }, settings),
      new Uint8Array(9 * 9 * 3).fill(77),
    );
  });
}
