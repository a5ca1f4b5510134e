import { fetchPhoto } from "../../../lib/datasets/open_images/fetch_photo.ts";
import { bucketHosts, bucketSettings } from "../../../lib/datasets/open_images/settings.ts";
import { AttemptError } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { type ServedPhotos, servePhotos } from "./photo_server.ts";

const ignore = !granted("net", "ffi", "env", "read");
const { signal } = new AbortController();
const id = "00000000000000ab";

/** A gradient, so that it shows which side is up. */
async function made(width: number, height: number, orientation = 1): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = Math.floor(at / 3 / width) / height * 255;
  const photo = sharp(pixels, { raw: { width, height, channels: 3 } });
  return new Uint8Array(
    await photo.withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer(),
  );
}

function test(
  name: string,
  served: () => Promise<ServedPhotos>,
  fn: (
    fetched: (resize: { shorterSide: number; quality: number } | false) => ReturnType<
      typeof fetchPhoto
    >,
    requests: string[],
  ) => Promise<void>,
) {
  Deno.test({
    name: `fetchPhoto() ${name}`,
    ignore,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using server = servePhotos(await served());
      const bucket = bucketSettings.parse({
        endpoint: `${server.endpoint}/`,
        hosts: server.hosts,
        retries: 2,
        retryDelay: 0.001,
      });
      await fn(
        (resize) => fetchPhoto(id, bucket, resize, signal, bucketHosts(bucket)),
        server.requests,
      );
    },
  });
}

const only = (photo: Uint8Array) => new Map([[`train/${id}`, photo]]);
const usual = { shorterSide: 320, quality: 90 };

test(
  "makes the shorter side 320, upright by its EXIF orientation, without metadata",
  async () => ({ photos: only(await made(1000, 640, 6)) }),
  async (fetched) => {
    const { default: sharp } = await import("sharp");
    const { bytes, received } = (await fetched(usual))!;
    const { width, height, format, orientation, exif } = await sharp(bytes).metadata();
    assertEquals([format, width, height, orientation, exif], [
      "jpeg",
      320,
      500,
      undefined,
      undefined,
    ]);
    assert(bytes.length < received / 2, `${bytes.length} of ${received}`);
    const rows = await sharp(bytes).greyscale().raw().toBuffer(); // orientation 6: top is right
    assert(rows[0] > 200 && rows[319] < 50, `${rows[0]} to ${rows[319]}`);
  },
);

test(
  "does not enlarge",
  async () => ({ photos: only(await made(200, 300)) }),
  async (fetched) => {
    const { default: sharp } = await import("sharp");
    const { width, height } = await sharp((await fetched(usual))!.bytes).metadata();
    assertEquals([width, height], [200, 300]);
  },
);

test(
  "keeps the bytes as they came with resize false, be they a photo or not",
  () => Promise.resolve({ photos: only(new TextEncoder().encode("no photo")) }),
  async (fetched, requests) => {
    assertEquals(new TextDecoder().decode((await fetched(false))!.bytes), "no photo");
    assertEquals(requests.length, 1);
  },
);

test(
  "requests again what is not a photo, as no checksum proves it",
  async () => {
    const cut = (await made(400, 400)).subarray(0, 3000);
    return { photos: only(cut), untagged: true };
  },
  async (fetched, requests) => {
    const error = await assertRejects(() => fetched(usual), AttemptError, "not a photo: ");
    assert(!error.message.includes("\n"), error.message);
    assertEquals(requests.length, 3);
  },
);

test(
  "asks again with resize false for a JPEG that is cut off, as nothing proves that it came",
  async () => ({ photos: only((await made(400, 400)).subarray(0, -1)), untagged: true }),
  async (fetched, requests) => {
    await assertRejects(() => fetched(false), AttemptError, "the photo is cut off");
    assertEquals(requests.length, 3);
  },
);

test(
  "keeps a JPEG that is cut off with resize false, if its MD5 is right",
  async () => ({ photos: only((await made(400, 400)).subarray(0, 3000)) }),
  async (fetched, requests) => {
    assertEquals((await fetched(false))!.bytes.length, 3000);
    assertEquals(requests.length, 1);
  },
);

test(
  "does not request again what is not a photo if its MD5 is right",
  () => Promise.resolve({ photos: only(new TextEncoder().encode("no photo")) }),
  async (fetched, requests) => {
    await assertRejects(() => fetched(usual), AttemptError, "not a photo: ");
    assertEquals(requests.length, 1);
  },
);

test(
  "takes what is right after what was altered, truncated, refused",
  async () => ({
    photos: only(await made(400, 400)),
    fault: (_, count) => (["alter", "truncate"] as const)[count],
  }),
  async (fetched, requests) => {
    const { default: sharp } = await import("sharp");
    const { width } = await sharp((await fetched(usual))!.bytes).metadata();
    assertEquals([width, requests.length], [320, 3]);
  },
);
