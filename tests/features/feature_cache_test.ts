import { join } from "node:path";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { countReads } from "../datasets/count_reads.ts";
import { granted } from "../permissions.ts";
import {
  encodePhotos,
  type FeatureCacheOptions,
  featureSettings,
  fillCache,
  openFeatureCache,
  openFeatures,
  type PhotoSource,
  recordedOneDnn,
} from "../../lib/features/mod.ts";
import type { Listener } from "../../lib/progress/mod.ts";
import { imageSettings } from "../../lib/images/mod.ts";
import {
  DamagedFileError,
  lockFolder,
  openSafetensors,
  OtherVersionError,
  sha256,
  writeRecord,
} from "../../lib/storage/mod.ts";
import { expectedFeature, FirstPixelEncoder, makePhotos, makeText } from "./made_photos.ts";

const native = granted("read", "write", "ffi", "env", "sys");

function test(name: string, fn: (folder: string) => Promise<void>, ignore = !native) {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

const options: FeatureCacheOptions = {
  key: "first pixel",
  featureShape: [2, 3],
  precision: "float32",
  shardSize: 8,
};

interface FillMore extends Listener {
  encoder?: FirstPixelEncoder;
  cache?: Partial<FeatureCacheOptions>;
  maxPixels?: number;
}

/** Opens and fills. */
async function fill(folder: string, photos: PhotoSource[], more: FillMore = {}) {
  const { encoder = new FirstPixelEncoder(), cache, maxPixels, ...rest } = more;
  const opened = await openFeatureCache(folder, { say: more.say, ...options, ...cache });
  const images = imageSettings.parse(maxPixels === undefined ? {} : { maxPixels });
  return await fillCache(opened, photos, encodePhotos(encoder, { images, batchSize: 3 }), rest);
}

/** As a failing disk does: the file's time stays as it was. */
async function alterLastByte(path: string): Promise<void> {
  const { mtime } = await Deno.stat(path);
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 1] ^= 1;
  await Deno.writeFile(path, bytes);
  await Deno.utime(path, mtime!, mtime!);
}

/** SHA-256 of every file in a folder. */
async function checksums(folder: string): Promise<Record<string, string>> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const entries = names.map(async (
    name,
  ) => [name, sha256(await Deno.readFile(`${folder}/${name}`))]);
  return Object.fromEntries(await Promise.all(entries));
}

test("fillCache() writes every feature once, openFeatures() gathers them in any order", async (folder) => {
  for (const precision of ["float32", "float16"] as const) {
    for (const memory of [undefined, 0]) {
      const photos = await makePhotos(`${folder}/photos`, 21);
      const path = `${folder}/${precision}-${memory}`;
      const result = await fill(path, photos, { cache: { precision } });
      assertEquals(result, { encoded: 21, cached: 0, rejected: [] });
      using features = await openFeatures(path, { memory });
      assertEquals(features.featureShape, [2, 3]);
      assertEquals(features.size, 21);
      const order = [20, 0, 7, 8, 7];
      const gathered = features.gather(order.map((i) => photos[i].digest));
      assertEquals([...gathered], order.flatMap(expectedFeature));
      const into = new Float32Array(8).fill(9);
      features.gatherInto([photos[3].digest], into);
      assertEquals([...into], [...expectedFeature(3), 9, 9]);
      assert(features.has(photos[20].digest) && !features.has("0".repeat(64)));
      assertThrows(() => features.gather(["abc"]), RangeError, "no feature of photo abc");
      assertThrows(() => features.gatherInto([photos[0].digest], new Float32Array(5)), RangeError);
      using shard = openSafetensors(`${path}/shard-00002.safetensors`);
      const dtype = precision === "float16" ? "F16" : "F32";
      assertEquals(
        shard.tensors.get("features"),
        { dtype, shape: [5, 2, 3], begin: 0, end: 5 * 6 * (dtype === "F16" ? 2 : 4) } as never,
      );
    }
  }
});

test("fillCache() encodes nothing again, and only what another data set adds", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 30);
  const encoder = new FirstPixelEncoder();
  const first = await fill(`${folder}/cache`, photos.slice(0, 10), { encoder });
  assertEquals(first, { encoded: 10, cached: 0, rejected: [] });
  const before = await checksums(`${folder}/cache`);
  const again = await fill(`${folder}/cache`, photos.slice(0, 10), { encoder });
  assertEquals(again, { encoded: 0, cached: 10, rejected: [] });
  assertEquals(await checksums(`${folder}/cache`), before);
  const other = await fill(`${folder}/cache`, photos.slice(5), { encoder });
  assertEquals(other, { encoded: 20, cached: 5, rejected: [] });
  assertEquals(encoder.batches.reduce((sum, count) => sum + count), 30);
  using features = await openFeatures(`${folder}/cache`);
  for (const [i, { digest }] of photos.entries()) {
    assertEquals([...features.gather([digest])], expectedFeature(i));
  }
});

test("fillCache() encodes a photo that occurs under several names once", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 4);
  await Deno.copyFile(photos[1].path, `${folder}/photos/copy.png`);
  const copy = { digest: photos[1].digest, path: `${folder}/photos/copy.png` };
  const encoder = new FirstPixelEncoder();
  const { encoded } = await fill(`${folder}/cache`, [...photos, copy, photos[0]], { encoder });
  assertEquals(encoded, 4);
  assertEquals(encoder.batches, [3, 1]);
});

test("fillCache() lists what is not a photo, continues, and does not try it again", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 20);
  const text = await makeText(`${folder}/photos/text.jpg`, "no photo");
  const empty = await makeText(`${folder}/photos/empty.jpg`, "");
  const mixed = [text, ...photos.slice(0, 9), empty, ...photos.slice(9)];
  const first = await fill(`${folder}/cache`, mixed);
  assertEquals(first.encoded, 20);
  assertEquals(first.rejected, [
    { photo: text.path, reason: "it is not a photo in a supported format" },
    { photo: empty.path, reason: "the file is empty" },
  ]);
  const before = await checksums(`${folder}/cache`);
  await Deno.remove(text.path); // reading it again would fail
  const progress: number[] = [];
  const again = await fill(`${folder}/cache`, mixed, {
    onProgress: (_, done) => progress.push(done),
  });
  assertEquals(again, { ...first, encoded: 0, cached: 20 });
  assertEquals(progress, []);
  assertEquals(await checksums(`${folder}/cache`), before);
  using features = await openFeatures(`${folder}/cache`);
  assertEquals(features.rejected.map(({ photo }) => photo), [text.path, empty.path]);
  assertEquals([...features.gather([photos[9].digest])], expectedFeature(9));
});

test("fillCache() tries a photo over the pixel limit again under a higher limit", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 3);
  const low = await fill(`${folder}/cache`, photos, { maxPixels: 255 });
  assertEquals(low.encoded, 0);
  assert(low.rejected[2].reason.includes("16 × 16 pixels are more than the 255 allowed"));
  assertEquals((await fill(`${folder}/cache`, photos, { maxPixels: 200 })).rejected.length, 3);
  const high = await fill(`${folder}/cache`, photos, { maxPixels: 256 });
  assertEquals(high, { encoded: 3, cached: 0, rejected: [] });
});

test("fillCache() stopped anywhere resumes to the checksums of an undisturbed run", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 30);
  photos.splice(3, 0, await makeText(`${folder}/photos/text.jpg`, "no photo"));
  photos.splice(12, 0, await makeText(`${folder}/photos/text2.jpg`, "no photo either"));
  await fill(`${folder}/undisturbed`, photos);
  const expected = await checksums(`${folder}/undisturbed`);
  for (let stop = 1; stop <= 11; stop++) {
    const path = `${folder}/stopped-${stop}`;
    let calls = 0;
    const encoder = new FirstPixelEncoder(() => {
      if (++calls === stop) throw new Error("stopped");
    });
    await assertRejects(() => fill(path, photos, { encoder }), Error, "stopped");
    const rest = new FirstPixelEncoder();
    const { encoded } = await fill(path, photos, { encoder: rest });
    const before = encoder.batches.slice(0, -1).reduce((sum, count) => sum + count, 0);
    const lost = before - (30 - encoded);
    assert(lost <= 8, `${lost} photos were encoded twice`);
    assertEquals(await checksums(path), expected);
  }
});

test("fillCache() ends with the signal's reason and keeps finished shards", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 30);
  const controller = new AbortController();
  const encoder = new FirstPixelEncoder(() => {
    if (encoder.batches.length === 5) controller.abort(new DOMException("Ctrl-C", "AbortError"));
  });
  const { signal } = controller;
  await assertRejects(() => fill(`${folder}/cache`, photos, { encoder, signal }), DOMException);
  const names = Object.keys(await checksums(`${folder}/cache`));
  assertEquals(names, ["manifest.json", "shard-00000.json", "shard-00000.safetensors"]);
  assertEquals((await fill(`${folder}/cache`, photos)).cached, 8);
});

test(
  "fillCache() killed with SIGKILL redoes at most one shard, to the same checksums",
  async (folder) => {
    const script = new URL("./fill_forever.ts", import.meta.url).pathname;
    const photos = await makePhotos(`${folder}/photos`, 60);
    await fill(`${folder}/undisturbed`, photos);
    const expected = await checksums(`${folder}/undisturbed`);
    for (const killAt of [13, 29]) {
      const path = `${folder}/killed-${killAt}`;
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "-A", script, path, `${folder}/photos`],
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let read = 0;
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        read = Math.max(read, ...text.trim().split("\n").map(Number));
        if (read >= killAt) break;
      }
      child.kill("SIGKILL");
      await child.status;
      const said: string[] = [];
      const { encoded, cached } = await fill(path, photos, { say: (line) => said.push(line) });
      assertEquals(encoded + cached, 60);
      assert(cached >= killAt - 8 - 3 && cached < 60, `${cached} were kept of ${read}`);
      assert(said.some((line) => line.includes("ended early")), "the lock was taken over");
      assertEquals(await checksums(path), expected);
    }
  },
  !native || !granted("run"),
);

test("openFeatureCache() finds truncated, altered and missing shards, and they are made again", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 40);
  photos.splice(10, 0, await makeText(`${folder}/photos/text.jpg`, "no photo"));
  const path = `${folder}/cache`;
  await fill(path, photos);
  const expected = await checksums(path);
  await Deno.truncate(`${path}/shard-00001.safetensors`, 100);
  const altered = await Deno.readFile(`${path}/shard-00002.safetensors`);
  altered[altered.length - 1] ^= 1;
  await Deno.writeFile(`${path}/shard-00002.safetensors`, altered);
  await Deno.remove(`${path}/shard-00003.safetensors`);
  const said: string[] = [];
  const { encoded, cached } = await fill(path, photos, { say: (line) => said.push(line) });
  assertEquals([encoded, cached], [7 + 8 + 8, 17]);
  assertEquals(said.map((line) => /shard-\d+\.safetensors (\w+ \w+)/.exec(line)?.[1]), [
    "has 100",
    "was altered",
    "is gone",
  ]);
  assertEquals(await checksums(path), expected);
});

test("openFeatureCache() finds records that are gone or damaged, and their shards are made again", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 30);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const expected = await checksums(path);
  await Deno.remove(`${path}/shard-00000.json`);
  await Deno.writeTextFile(`${path}/shard-00002.json`, "{");
  const said: string[] = [];
  const { encoded, cached } = await fill(path, photos, { say: (line) => said.push(line) });
  assertEquals([encoded, cached, said.length], [16, 14, 1]);
  assert(said[0].includes("shard-00002.json is damaged"), said[0]);
  assertEquals(await checksums(path), expected);
});

test("fillCache() replaces empty folders in the places of its files, and refuses others", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 8);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const expected = await checksums(path);
  for (const name of Object.keys(expected)) {
    await Deno.remove(`${path}/${name}`);
    await Deno.mkdir(`${path}/${name}`);
    const said: string[] = [];
    await fill(path, photos, { say: (line) => said.push(line) });
    assert(said[0].startsWith(`${path}/${name} is`), `${name}: ${said}`);
    assertEquals(await checksums(path), expected);
    await Deno.remove(`${path}/${name}`);
    await Deno.mkdir(`${path}/${name}/inner`, { recursive: true });
    const refused = await assertRejects(
      () => fill(path, photos),
      Error,
      `${path}/${name} is a folder`,
    );
    assert(refused.message.includes("move it away"), refused.message);
    await Deno.remove(`${path}/${name}`, { recursive: true });
    await fill(path, photos);
    assertEquals(await checksums(path), expected);
  }
});

test("openFeatureCache() notices any altered digit of a record, and says what follows", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 8);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const expected = await checksums(path);
  for (
    const [name, follows] of [["manifest", "the cache is filled from scratch"], [
      "shard-00000",
      "its photos are encoded again",
    ]]
  ) {
    const record = `${path}/${name}.json`;
    const text = await Deno.readTextFile(record);
    await Deno.writeTextFile(
      record,
      text.replace(/(?<=: ".*)\d/, (digit) => `${9 - Number(digit)}`),
    );
    const said: string[] = [];
    assertEquals((await fill(path, photos, { say: (line) => said.push(line) })).encoded, 8);
    assertEquals(said, [`${record} is damaged (it was altered): ${follows}`]);
    assertEquals(await checksums(path), expected);
  }
});

test("openFeatureCache() compares the SHA-256 of a shard that is not older than its record", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 8);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const [shard, record] = [`${path}/shard-00000.safetensors`, `${path}/shard-00000.json`];
  const altered = await Deno.readFile(shard);
  altered[altered.length - 1] ^= 1;
  await Deno.writeFile(shard, altered);
  const { mtime } = await Deno.stat(record);
  for (const time of [mtime!, new Date()]) {
    await Deno.utime(shard, time, time);
    assertEquals((await openFeatureCache(path, options)).damaged.size, 1);
  }
  altered[altered.length - 1] ^= 1; // as a copy of the folder would be: younger, and whole
  await Deno.writeFile(shard, altered);
  assertEquals((await openFeatureCache(path, options)).damaged.size, 0);
});

test("openFeatures() refuses a shard that was altered without a trace in its time", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 16);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const shard = `${path}/shard-00001.safetensors`;
  const { checked } = await openFeatureCache(path, options);
  await alterLastByte(shard);
  for (const memory of [undefined, 0]) {
    using features = await openFeatures(path, { memory, checked });
    assertEquals([...features.gather([photos[0].digest])], expectedFeature(0));
    await features.check([photos[7].digest]);
    const message = `${shard} is damaged (it was altered): cache the features again`;
    assertThrows(() => features.gather([photos[15].digest]), DamagedFileError, message);
    await assertRejects(() => features.check([photos[15].digest]), DamagedFileError, message);
  }
  await Deno.remove(shard);
  using features = await openFeatures(path);
  const message = `${shard} is damaged (it is gone): cache the features again`;
  assertThrows(() => features.gather([photos[15].digest]), DamagedFileError, message);
  await assertRejects(() => features.check([photos[15].digest]), DamagedFileError, message);
});

test("fillCache() makes a shard again that was altered without a trace in its time", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 24);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const expected = await checksums(path);
  const shard = `${path}/shard-00001.safetensors`;
  await alterLastByte(shard);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const others = [...photos.slice(0, 8), ...photos.slice(16)];
  assertEquals((await fill(path, others, { say })).encoded, 0);
  assertEquals(said, []); // it has none of these photos
  assertEquals((await fill(path, photos, { say })).encoded, 8);
  assertEquals(said, [`${shard} was altered: its 8 photos are encoded again`]);
  assertEquals(await checksums(path), expected);
});

test("a shard is read for its SHA-256 once by a cache and its readers, unless it was written since", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 8);
  const path = `${folder}/cache`;
  const name = "cache/shard-00000.safetensors";
  await fill(path, photos);
  const cache = await openFeatureCache(path, options);
  const images = imageSettings.parse({});
  const encoder = encodePhotos(new FirstPixelEncoder(), { images, batchSize: 3 });
  const digests = photos.map(({ digest }) => digest);
  const reads = await countReads(folder, async () => {
    for (let i = 0; i < 2; i++) await fillCache(cache, photos, encoder);
    using features = await openFeatures(path, cache);
    await features.check(digests);
  });
  assertEquals(reads[name], 1);
  const again = await countReads(folder, async () => {
    using features = await openFeatures(path, { checked: cache.checked });
    await features.check(digests);
    assertEquals([...features.gather([digests[7]])], expectedFeature(7));
  });
  assertEquals(again[name], 1); // for the features
  await alterLastByte(`${folder}/${name}`);
  await Deno.utime(`${folder}/${name}`, 1, 1); // any other time
  using features = await openFeatures(path, cache);
  assertThrows(() => features.gather(digests), DamagedFileError, "it was altered");
});

test("fillCache() stopped while it makes damaged shards again still restores them all", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 40);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const expected = await checksums(path);
  for (const shard of [1, 2, 3]) await Deno.remove(`${path}/shard-0000${shard}.safetensors`);
  const encoder = new FirstPixelEncoder(() => {
    if (encoder.batches.length === 5) throw new Error("stopped");
  });
  await assertRejects(() => fill(path, photos, { encoder }), Error, "stopped");
  await fill(path, photos.toReversed());
  assertEquals(await checksums(path), expected);
});

test("fillCache() drops a damaged shard of another data set, which can be filled again", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 16);
  const path = `${folder}/cache`;
  await fill(path, photos.slice(0, 8));
  await fill(path, photos.slice(8));
  await Deno.remove(`${path}/shard-00000.safetensors`);
  assertEquals((await fill(path, photos.slice(8))).cached, 8);
  const said: string[] = [];
  const result = await fill(path, photos, { say: (line) => said.push(line) });
  assertEquals([result.encoded, result.cached, said], [8, 8, []]);
});

test("openFeatureCache() with a damaged manifest starts from scratch and says so", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 5);
  const path = `${folder}/cache`;
  await fill(path, photos);
  const expected = await checksums(path);
  for (const content of ["", "{", "[]", '{"format":3}']) {
    await Deno.writeTextFile(`${path}/manifest.json`, content);
    const said: string[] = [];
    assertEquals((await fill(path, photos, { say: (line) => said.push(line) })).encoded, 5);
    assert(said[0].includes("the cache is filled from scratch"), said[0]);
    assertEquals(await checksums(path), expected);
  }
});

test("openFeatureCache() refuses a folder of another key, shape, precision or version", async (folder) => {
  const path = `${folder}/cache`;
  await fill(path, await makePhotos(`${folder}/photos`, 1));
  const open = (more: Partial<FeatureCacheOptions>) => () =>
    openFeatureCache(path, { ...options, ...more });
  await assertRejects(open({ key: "other" }), RangeError, "holds features of");
  await assertRejects(open({ featureShape: [6] }), RangeError, "not of");
  await assertRejects(open({ precision: "float16" }), RangeError, "not of");
  const manifest = JSON.parse(await Deno.readTextFile(`${path}/manifest.json`));
  const { key, featureShape, precision } = manifest;
  await writeRecord(`${path}/manifest.json`, 99, { key, featureShape, precision });
  await assertRejects(open({}), OtherVersionError, "has format 99");
  const older = JSON.stringify({ formatVersion: 2, key, featureShape, precision });
  await Deno.writeTextFile(`${path}/manifest.json`, older);
  await assertRejects(open({}), OtherVersionError, `delete the folder ${path}`);
  await assertRejects(() => openFeatures(path), OtherVersionError, "but this version reads 3");
  await assertRejects(() => openFeatures(`${folder}/photos`), Error, "cache the features first");
});

test("fillCache() stops at a photo that is gone or was changed, naming it", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 3);
  await Deno.copyFile(photos[0].path, photos[1].path);
  const changed = `Photo ${photos[1].path} was changed since`;
  await assertRejects(() => fill(`${folder}/cache`, photos), Error, changed);
  await Deno.remove(photos[1].path);
  const gone = `Photo ${photos[1].path} is not there`;
  await assertRejects(() => fill(`${folder}/cache`, photos), Error, gone);
  assertEquals(Object.keys(await checksums(`${folder}/cache`)), []);
});

test("fillCache() refuses features that are wrong in shape, not finite, or too large", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 2);
  const giving = (value: number, length = 6) => {
    const encoder = new FirstPixelEncoder();
    encoder.encode = (_, count) => Promise.resolve(new Float32Array(count * length).fill(value));
    return encoder;
  };
  const attempt = (encoder: FirstPixelEncoder, precision: "float32" | "float16") => () =>
    fill(`${folder}/${precision}`, photos, { encoder, cache: { precision } });
  await assertRejects(attempt(giving(NaN), "float32"), RangeError, "a feature of NaN");
  await assertRejects(attempt(giving(Infinity), "float16"), RangeError, "a feature of Infinity");
  await assertRejects(
    attempt(giving(70000), "float16"),
    RangeError,
    "set the precision to float32",
  );
  await assertRejects(attempt(giving(1, 5), "float32"), RangeError, "returned 10 numbers");
  await attempt(giving(-70000), "float32")();
});

test("fillCache() is refused while another fills the same cache", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 2);
  {
    using _lock = await lockFolder(`${folder}/cache`);
    await assertRejects(() => fill(`${folder}/cache`, photos), Error, "is in use by");
  }
  await fill(`${folder}/cache`, photos);
  using _lock = await lockFolder(`${folder}/cache`);
  assertEquals((await fill(`${folder}/cache`, photos)).cached, 2);
});

test("fillCache() takes over what another process wrote after the cache was opened", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 9);
  const cache = await openFeatureCache(`${folder}/cache`, options);
  await fill(`${folder}/cache`, photos);
  const encoder = new FirstPixelEncoder();
  const images = imageSettings.parse({});
  const result = await fillCache(cache, photos, encodePhotos(encoder, { images, batchSize: 3 }));
  assertEquals(result, { encoded: 0, cached: 9, rejected: [] });
});

test("fillCache() decodes one batch while it encodes another, and no more", async (folder) => {
  for (const [removed, readAhead] of [[7, true], [8, false], [20, false]] as const) {
    const photos = await makePhotos(`${folder}/photos`, 24);
    // Photos 0, 1 and 2 are being encoded; 3 to 7 have been read meanwhile.
    const encoder = new FirstPixelEncoder(async () => {
      if (encoder.batches.length > 1) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
      await Deno.remove(photos[removed].path);
    });
    const filling = fill(`${folder}/cache-${removed}`, photos, { encoder });
    if (readAhead) assertEquals((await filling).encoded, 24);
    else await assertRejects(() => filling, Error, `${removed}.png is not there`);
  }
});

test("fillCache() tells its progress", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 4);
  const progress: string[] = [];
  const onProgress = (_: string, done: number, total: number) => progress.push(`${done}/${total}`);
  await fill(`${folder}/cache`, photos, { onProgress });
  assertEquals(progress, ["0/4", "1/4", "2/4", "3/4", "4/4"]);
});

Deno.test("featureSettings has a default for everything", () => {
  assertEquals(featureSettings.parse({}), { precision: "float32", shardSize: 512, batchSize: 32 });
});

test("recordedOneDnn() is chosen and recorded before a cache's first feature, then never again", async (folder) => {
  const photos = await makePhotos(join(folder, "photos"), 3);
  const path = join(folder, "cache");
  const asked: string[] = [];
  const choose = (name: string) => async () => {
    asked.push(name);
    await Promise.resolve();
    return [name];
  };
  const caches = [await openFeatureCache(path, options), await openFeatureCache(path, options)];
  // Both choose, as neither has begun; the first one's choice counts.
  const both = await Promise.all(
    caches.map((cache, i) => recordedOneDnn(cache, choose(`${i}`))),
  );
  assertEquals(both[0], both[1]);
  const manifest = JSON.parse(await Deno.readTextFile(join(path, "manifest.json")));
  assertEquals(manifest.oneDnn, both[0]);
  await fill(path, photos);
  const later = await openFeatureCache(path, options);
  assertEquals(await recordedOneDnn(later, choose("later")), both[0]);
  assertEquals(asked.toSorted(), ["0", "1"]);
});

test("recordedOneDnn() of a cache without a record leaves it to the engine", async (folder) => {
  const photos = await makePhotos(join(folder, "photos"), 3);
  const path = join(folder, "cache");
  await fill(path, photos);
  const before = await Deno.readTextFile(join(path, "manifest.json"));
  const cache = await openFeatureCache(path, options);
  assertEquals(await recordedOneDnn(cache, () => Promise.resolve(["never asked"])), undefined);
  assertEquals(await Deno.readTextFile(join(path, "manifest.json")), before);

  const other = await openFeatureCache(join(folder, "other"), options);
  assertEquals(await recordedOneDnn(other, () => Promise.resolve(undefined)), undefined);
  assertEquals(await Deno.readTextFile(join(folder, "other", "manifest.json")), before);
});
