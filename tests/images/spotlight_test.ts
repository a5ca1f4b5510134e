import { spotlight, UnreadablePhotoError } from "../../lib/images/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "run");
const grey = 200;

/** A grey photo as PNG. */
async function photo(width: number, height: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const pixels = new Uint8Array(3 * width * height).fill(grey);
  return await sharp(pixels, { raw: { width, height, channels: 3 } }).png().toBuffer();
}

/** Red of the picture's pixels, and its size. */
async function pixelsOf(png: Uint8Array) {
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  assertEquals(info.channels, 3);
  const { width, height } = info;
  return { width, height, red: (x: number, y: number) => data[3 * (y * width + x)] };
}

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, ignore, fn });
}

const light = (shares: number[], more = {}) => ({
  rows: 2,
  columns: 2,
  shares: Float32Array.from(shares),
  ...more,
});

test("spotlight() leaves the region with the largest share as it is, and darkens others", async () => {
  const png = await spotlight(await photo(40, 20), light([0, 0.25, 0.125, 0]), { size: 80 });
  const { width, height, red } = await pixelsOf(png);
  assertEquals([width, height], [80, 40]);
  const [dark, lit, half] = [red(5, 3), red(74, 3), red(5, 36)];
  assertAlmostEquals(lit, grey, 3);
  assert(dark < 0.3 * grey, `${dark}`);
  assertAlmostEquals(half, (dark + lit) / 2, 12);
});

test("spotlight() of a cropped photo darkens what is beside the square", async () => {
  const png = await spotlight(await photo(80, 40), light([1, 1, 1, 1], { fit: "crop" }), {
    size: 80,
  });
  const { red } = await pixelsOf(png);
  assertAlmostEquals(red(40, 20), grey, 1);
  assertAlmostEquals(red(20, 20), grey, 1);
  for (const x of [5, 19, 60, 75]) assert(red(x, 20) < 0.3 * grey, `${x}: ${red(x, 20)}`);
});

test("spotlight() is dark all over where nothing was looked at", async () => {
  const { red } = await pixelsOf(await spotlight(await photo(8, 8), light([0, 0, 0, 0])));
  assert(red(128, 128) < 0.3 * grey);
});

test("spotlight() says what is wrong with shares and photos", async () => {
  await assertRejects(
    async () => await spotlight(await photo(8, 8), light([1, 1])),
    RangeError,
    "2 × 2 regions have 2 shares, not one each",
  );
  await assertRejects(
    () => spotlight(new Uint8Array(9), light([1, 1, 1, 1])),
    UnreadablePhotoError,
  );
});
