import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { decodePhoto, imageSettings, UnreadablePhotoError } from "../../lib/images/mod.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "run");
const sharp = async () => (await import("sharp")).default;

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, ignore, fn });
}

const settings = (size: number, more: Parameters<typeof imageSettings.parse>[0] = {}) => ({
  ...imageSettings.parse(more),
  imageSize: size,
});

const red = [200, 40, 30];
const blue = [20, 60, 220];

/** RGB bytes of a picture whose left half is red, whose right half is blue. */
function halves(width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    pixels.set(i % width < width / 2 ? red : blue, i * 3);
  }
  return pixels;
}

const picture = async (width = 64, height = 64) =>
  (await sharp())(halves(width, height), { raw: { width, height, channels: 3 } });

function assertColour(pixels: Uint8Array, size: number, x: number, y: number, rgb: number[]) {
  const at = (y * size + x) * 3;
  rgb.forEach((value, c) => assertAlmostEquals(pixels[at + c], value, 6, `channel ${c}`));
}

for (const format of ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const) {
  test(`decodePhoto() reads ${format}`, async () => {
    const options = { quality: 95, chromaSubsampling: "4:4:4" };
    const bytes = await (await picture()).toFormat(format, options).toBuffer();
    const pixels = await decodePhoto(bytes, settings(32));
    assertEquals(pixels.length, 32 * 32 * 3);
    assertColour(pixels, 32, 8, 16, red);
    assertColour(pixels, 32, 24, 16, blue);
  });
}

for (const kernel of ["nearest", "bilinear", "bicubic", "lanczos"] as const) {
  test(`decodePhoto() with kernel ${kernel} resamples nothing at the size wanted`, async () => {
    const bytes = await (await picture(31, 31)).png().toBuffer();
    assertEquals(await decodePhoto(bytes, settings(31, { kernel })), halves(31, 31));
  });
}

test("decodePhoto() applies each EXIF orientation", async () => {
  // Where the left half of what is stored is seen, for orientations 1 to 8.
  const positions = ["left", "right", "right", "left", "top", "top", "bottom", "bottom"];
  const spots: Record<string, [number, number]> = {
    left: [4, 16],
    right: [28, 16],
    top: [16, 4],
    bottom: [16, 28],
  };
  for (const [i, position] of positions.entries()) {
    const bytes = await (await picture(64, 48)).withMetadata({ orientation: i + 1 }).png()
      .toBuffer();
    for (const kernel of ["nearest", "bicubic"] as const) {
      for (const fit of ["stretch", "crop"] as const) {
        const pixels = await decodePhoto(bytes, settings(32, { kernel, fit }));
        const [x, y] = spots[position];
        assertColour(pixels, 32, x, y, red);
        assertColour(pixels, 32, 31 - x, 31 - y, blue);
      }
    }
  }
});

test("decodePhoto() makes three channels of grey, alpha, a palette and 16 bits", async () => {
  const flat = (await sharp())({
    create: { width: 20, height: 20, channels: 3, background: "#808080" },
  });
  const photos = [
    flat.clone().toColourspace("b-w").jpeg(),
    flat.clone().toColourspace("b-w").png(),
    flat.clone().toColourspace("grey16").png(),
    flat.clone().toColourspace("rgb16").png(),
    flat.clone().ensureAlpha(1).png(),
    flat.clone().toColourspace("b-w").ensureAlpha(1).png(),
    flat.clone().png({ palette: true }),
  ];
  for (const photo of photos) {
    for (const kernel of ["nearest", "bicubic"] as const) {
      const pixels = await decodePhoto(await photo.toBuffer(), settings(8, { kernel }));
      assertEquals(pixels.length, 8 * 8 * 3);
      assertColour(pixels, 8, 4, 4, [128, 128, 128]);
    }
  }
});

test("decodePhoto() converts CMYK, with and without its profile, close to its original colours", async () => {
  const background = { r: 200, g: 100, b: 50 };
  const create = { width: 20, height: 20, channels: 3 as const, background };
  const inks = (await sharp())({ create }).toColourspace("cmyk");
  for (const photo of [inks.clone(), inks.clone().keepIccProfile()]) {
    for (const bytes of [await photo.clone().jpeg().toBuffer(), await photo.tiff().toBuffer()]) {
      assertEquals((await (await sharp())(bytes).metadata()).channels, 4);
      const pixels = await decodePhoto(bytes, settings(8));
      assertEquals(pixels.length, 8 * 8 * 3);
      [200, 100, 50].forEach((value, c) => assertAlmostEquals(pixels[c], value, 30));
    }
  }
});

test("decodePhoto() lays what is transparent on white", async () => {
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  const create = { width: 9, height: 9, channels: 4 as const, background };
  const hidden = await (await sharp())({ create }).png().toBuffer();
  assertColour(await decodePhoto(hidden, settings(4)), 4, 2, 2, [255, 255, 255]);
  const half = await (await sharp())({ create: { ...create, background: "rgba(0,0,0,0.5)" } }).png()
    .toBuffer();
  assertColour(await decodePhoto(half, settings(9)), 9, 2, 2, [127, 127, 127]);
});

test("decodePhoto() takes the first frame of an animation", async () => {
  const frames = new Uint8Array(16 * 32 * 3);
  for (let i = 0; i < 16 * 32; i++) frames.set(i < 16 * 16 ? red : blue, i * 3);
  const raw = { width: 16, height: 32, channels: 3 as const, pageHeight: 16 };
  for (const format of ["gif", "webp"] as const) {
    const bytes = await (await sharp())(frames, { raw }).toFormat(format, { lossless: true })
      .toBuffer();
    assertEquals((await (await sharp())(bytes).metadata()).pages, 2);
    assertColour(await decodePhoto(bytes, settings(8)), 8, 4, 6, red);
  }
});

test("decodePhoto() with fit crop takes the centred square, with stretch the whole", async () => {
  for (const kernel of ["nearest", "bilinear", "bicubic", "lanczos"] as const) {
    // Columns 0 … 89, of which the middle 30 … 59 are kept.
    const wide = new Uint8Array(90 * 30 * 3);
    for (let i = 0; i < 90 * 30; i++) {
      wide.set(i % 90 < 30 ? red : i % 90 < 60 ? [90, 90, 90] : blue, i * 3);
    }
    const raw = { width: 90, height: 30, channels: 3 as const };
    const bytes = await (await sharp())(wide, { raw }).png().toBuffer();
    const crop = await decodePhoto(bytes, settings(30, { kernel, fit: "crop" }));
    assert(crop.every((value) => value === 90));
    const stretch = await decodePhoto(bytes, settings(30, { kernel, fit: "stretch" }));
    assertColour(stretch, 30, 4, 15, red);
    assertColour(stretch, 30, 15, 15, [90, 90, 90]);
    assertColour(stretch, 30, 25, 15, blue);
  }
});

test("decodePhoto() with kernel nearest picks the pixel under each centre, as Pillow does", async () => {
  const ramp = new Uint8Array(7 * 5 * 3).map((_, i) => Math.floor(i / 3));
  const bytes = await (await sharp())(ramp, { raw: { width: 7, height: 5, channels: 3 } }).png()
    .toBuffer();
  const pixels = await decodePhoto(bytes, settings(3, { kernel: "nearest" }));
  // Columns 7 / 3 × (0.5, 1.5, 2.5) = 1, 3, 5; rows 5 / 3 × … = 0, 2, 4.
  const red = pixels.filter((_, i) => i % 3 === 0);
  assertEquals([...red], [1, 3, 5, 15, 17, 19, 29, 31, 33]);
});

test("decodePhoto() with a smooth kernel sees every pixel when it shrinks", async () => {
  const stripes = new Uint8Array(256 * 256 * 3).map((_, i) => Math.floor(i / 3) % 2 ? 255 : 0);
  const bytes = await (await sharp())(stripes, { raw: { width: 256, height: 256, channels: 3 } })
    .jpeg({ quality: 100 }).toBuffer();
  for (const kernel of ["bilinear", "bicubic", "lanczos"] as const) {
    const pixels = await decodePhoto(bytes, settings(32, { kernel }));
    assertColour(pixels, 32, 16, 16, [127, 127, 127]);
  }
});

test("decodePhoto() refuses more pixels than allowed, before decoding, and tells how many", async () => {
  const bytes = await (await picture(60, 50)).png().toBuffer();
  const attempt = (maxPixels: number) => decodePhoto(bytes, settings(16, { maxPixels }));
  const error = await assertRejects(() => attempt(2999), UnreadablePhotoError);
  assertEquals((error as UnreadablePhotoError).pixels, 3000);
  assert(error.message.includes("60 × 50 pixels are more than the 2999 allowed"), error.message);
  await attempt(3000);
});

test("decodePhoto() refuses an empty file, a text, a drawing and truncated photos", async () => {
  const refused = async (bytes: Uint8Array, reason: string) => {
    const error = await assertRejects(() => decodePhoto(bytes, settings(16)), UnreadablePhotoError);
    assert((error as UnreadablePhotoError).reason.includes(reason), error.message);
    assert(!error.message.includes("\n"), "one line");
  };
  const text = (content: string) => new TextEncoder().encode(content);
  await refused(new Uint8Array(0), "the file is empty");
  await refused(
    text("A text that somebody named photo.jpg.\n"),
    "not a photo in a supported format",
  );
  await refused(text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), "svg");
  const noise = new Uint8Array(128 * 128 * 3).map((_, i) => (i * 7919) % 251);
  for (const format of ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const) {
    const bytes = await (await sharp())(noise, { raw: { width: 128, height: 128, channels: 3 } })
      .toFormat(format).toBuffer();
    await refused(bytes.subarray(0, bytes.length >> 1), "");
    await refused(bytes.subarray(0, 20), "");
  }
});

test("decodePhoto() names the file, and a missing one is another error", async () => {
  const path = await Deno.makeTempFile({ suffix: ".jpg" });
  await assertRejects(
    () => decodePhoto(path, settings(16)),
    UnreadablePhotoError,
    `${path} cannot be used: the file is empty`,
  );
  await Deno.remove(path);
  await assertRejects(() => decodePhoto(path, settings(16)), Deno.errors.NotFound);
});

test("decodePhoto() of many photos at once gives the same as one by one", async () => {
  const sizes = Array.from({ length: 24 }, (_, i) => 40 + 7 * i);
  const photos = await Promise.all(
    sizes.map(async (size) => await (await picture(size, 300 - size)).jpeg().toBuffer()),
  );
  const together = await Promise.all(photos.map((photo) => decodePhoto(photo, settings(32))));
  for (const [i, photo] of photos.entries()) {
    assertEquals(await decodePhoto(photo, settings(32)), together[i]);
  }
});
