import {
  PHOTO_LIMITS,
  PhotoChecker,
  previewOf,
  RefusedPhotoError,
} from "../../../app/photos/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { plainPhoto } from "../made_photos.ts";

const ignore = !granted("read", "ffi", "env", "sys");
const signal = new AbortController().signal;

/** A red photo of 64 × 64 pixels as an iPhone's camera would write it. */
const RED_HEIC = Uint8Array.fromBase64(
  "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA" +
    "AAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABegABAAAAAAAAABgAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAA" +
    "AAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34" +
    "+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmu" +
    "bgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAA" +
    "QAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAACBtZGF0AAAAFCgBrwQY/Hk46//5kI/P" +
    "wFwqxHQ4",
);

Deno.test({
  name: "PhotoChecker takes JPEG, PNG, WebP, AVIF, GIF and TIFF as they are",
  ignore,
  fn: async () => {
    const checker = new PhotoChecker(PHOTO_LIMITS);
    for (const format of ["jpeg", "png", "webp", "avif", "gif", "tiff"] as const) {
      const photo = await plainPhoto(format);
      assertEquals(await checker.check(photo, signal), photo);
    }
  },
});

Deno.test({
  name: "PhotoChecker makes a JPEG of the same colour of a HEIC",
  ignore,
  fn: async () => {
    const jpeg = await new PhotoChecker(PHOTO_LIMITS).check(RED_HEIC, signal);
    const { default: sharp } = await import("sharp");
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    assertEquals([info.width, info.height, info.channels], [64, 64, 3]);
    [200, 30, 30].forEach((value, i) => assert(Math.abs(data[i] - value) < 12, `${data[i]}`));
  },
});

Deno.test({
  name: "PhotoChecker refuses a HEIC that is damaged, has too many pixels, or takes too long",
  ignore,
  fn: async () => {
    const damaged = RED_HEIC.slice();
    damaged.fill(0xff, 40);
    const checker = (changes = {}) => new PhotoChecker({ ...PHOTO_LIMITS, ...changes });
    const faults: [() => Promise<Uint8Array>, string][] = [
      [() => checker().check(damaged, signal), "damaged"],
      [() => checker().check(RED_HEIC.slice(0, 120), signal), "damaged"],
      [() => checker({ pixels: 1000 }).check(RED_HEIC, signal), "64 × 64 pixels"],
      [() => checker({ heicMilliseconds: 0 }).check(RED_HEIC, signal), "too long"],
    ];
    for (const [check, why] of faults) await assertRejects(check, RefusedPhotoError, why);
    const left = AbortSignal.abort(new Error("left"));
    await assertRejects(() => checker().check(RED_HEIC, left), Error, "left");
  },
});

Deno.test({
  name: "previewOf() is a JPEG of at most 1280 pixels a side",
  ignore,
  fn: async () => {
    const { default: sharp } = await import("sharp");
    for (const [width, height] of [[2560, 100], [20, 30]]) {
      const preview = await previewOf(await plainPhoto("tiff", width, height));
      const metadata = await sharp(preview).metadata();
      assertEquals(metadata.format, "jpeg");
      const scale = Math.min(1, 1280 / width);
      assertEquals([metadata.width, metadata.height], [width * scale, height * scale]);
    }
  },
});
