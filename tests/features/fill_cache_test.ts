import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import {
  type FeatureSource,
  fillCache,
  openFeatureCache,
  openFeatures,
  type PhotoSource,
} from "../../lib/features/mod.ts";
import { sha256 } from "../../lib/storage/mod.ts";

const ignore = !granted("read", "write", "env", "sys");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

const photos: PhotoSource[] = Array.from({ length: 10 }, (_, i) => ({
  digest: sha256(String(i)),
  path: `${i}.jpg`,
}));
const options = { key: "file-1", featureShape: [2], precision: "float32", shardSize: 3 } as const;

/** The number of a photo twice; the fifth has none. */
function made(asked: string[] = []): FeatureSource {
  return {
    featureShape: [2],
    async *features(shards) {
      for await (const photos of shards) {
        for (const { path, digest } of photos) {
          asked.push(path);
          await Promise.resolve();
          yield path === "4.jpg"
            ? { digest, photo: path, reason: "has no entry" }
            : new Float32Array(2).fill(parseInt(path));
        }
      }
    },
  };
}

const open = (folder: string) =>
  openFeatureCache(folder, { ...options, featureShape: [...options.featureShape] });

async function checksums(folder: string): Promise<string[]> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return await Promise.all(
    names.map(async (name) => `${name} ${sha256(await Deno.readFile(`${folder}/${name}`))}`),
  );
}

test("fillCache() stores features of any source, rejects those without", async (folder) => {
  const { encoded, rejected } = await fillCache(await open(folder), photos, made());
  assertEquals(encoded, 9);
  assertEquals(rejected, [{ photo: "4.jpg", reason: "has no entry" }]);
  using reader = await openFeatures(folder);
  assertEquals([...reader.gather([photos[7].digest, photos[0].digest])], [7, 7, 0, 0]);
  const again: string[] = [];
  const second = await fillCache(await open(folder), photos, made(again));
  assertEquals([second.encoded, second.cached, again.length], [0, 9, 0]);
});

test("fillCache() that was interrupted resumes, to the same bytes", async (folder) => {
  await fillCache(await open(`${folder}/whole`), photos, made());
  const signal = AbortSignal.abort();
  const controller = new AbortController();
  const asked: string[] = [];
  await assertRejects(
    async () =>
      await fillCache(await open(`${folder}/cut`), photos, made(), {
        signal: controller.signal,
        onProgress: (_, done) => done === 7 && controller.abort(signal.reason),
      }),
    DOMException,
  );
  await fillCache(await open(`${folder}/cut`), photos, made(asked));
  assertEquals(asked[0], "6.jpg"); // two shards of three were written
  assertEquals(await checksums(`${folder}/cut`), await checksums(`${folder}/whole`));
});

test("fillCache() makes a damaged shard again", async (folder) => {
  await fillCache(await open(folder), photos, made());
  const before = await checksums(folder);
  await Deno.writeFile(`${folder}/shard-00001.safetensors`, new Uint8Array(9));
  const asked: string[] = [];
  await fillCache(await open(folder), photos, made(asked));
  assertEquals(asked.sort(), ["3.jpg", "4.jpg", "5.jpg"]);
  assertEquals((await checksums(folder)).length, before.length);
  using reader = await openFeatures(folder);
  assertEquals([...reader.gather([photos[5].digest])], [5, 5]);
});

test("fillCache() ends with an error where features end too early", async (folder) => {
  const none: FeatureSource = { featureShape: [2], async *features() {} };
  const cache = await open(folder);
  const { message } = await assertRejects(() => fillCache(cache, photos, none), RangeError);
  assert(message.startsWith("The source returned 0 features for 10 photos"), message);
});
