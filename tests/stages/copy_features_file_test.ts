import { join } from "node:path";
import { loadConfig } from "../../lib/config/mod.ts";
import { openFeatures } from "../../lib/features/mod.ts";
import {
  cacheFeatures,
  type Experiment,
  prepareData,
  type PreparedData,
} from "../../lib/stages/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");

interface Made {
  /** An experiment whose features come from a file of that name. */
  experiment: (file: string) => Promise<Experiment & { lines: string[] }>;
  /** The data set. */
  prepared: PreparedData;
  /** Writes a file of features by name, each the number given, twice. */
  writeFeatures: (file: string, features: [name: string, number: number][]) => Promise<void>;
  /** Photos of the data set. */
  photos: { photo: string; digest: string }[];
}

/** A few drawn photos; no engine is there, since none is needed. */
function test(name: string, fn: (made: Made) => Promise<void>) {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const data = await Deno.makeTempDir({ prefix: "showtell-test-" });
      const experiment = async (file: string) => {
        const lines: string[] = [];
        const overrides = ["dataset.train=40", "dataset.dev=2", "dataset.test=2"]
          .concat("dataset.size=48", `encoder.features=${join(data, file)}`, "encoder.shardSize=8");
        return {
          config: await loadConfig({ overrides }),
          data,
          engine: () => Promise.reject(new Error("No engine is needed here")),
          say: (line: string) => void lines.push(line.replaceAll(data, "DATA")),
          onProgress: () => {},
          lines,
        };
      };
      try {
        const prepared = await prepareData(await experiment("any"));
        const captions = await prepared.captions();
        const photos = [...new Map(captions.map((row) => [row.photo, row])).values()];
        const writeFeatures = async (file: string, features: [string, number][]) => {
          const matrix = Float32Array.from(features.flatMap(([, number]) => [number, number]));
          const bytes = archiveOf([
            { name: "x.npy", content: npyOf("<f4", [features.length, 2], matrix), deflated: true },
            { name: "names.npy", content: npyOfTexts(features.map(([name]) => name)) },
          ]);
          await Deno.writeFile(join(data, file), bytes);
        };
        await fn({ experiment, prepared, writeFeatures, photos });
      } finally {
        await Deno.remove(data, { recursive: true });
      }
    },
  });
}

const plain = (photo: string) => photo.replace(/^.*\//, "").replace(/\.\w+$/, "");

test("cacheFeatures() takes a file's features by photo name, rejects photos without", async (made) => {
  const { experiment, prepared, writeFeatures, photos } = made;
  // Backwards, without extensions, all but one, and one that belongs to no photo.
  const features = photos.slice(1).map(({ photo }, i): [string, number] => [plain(photo), i + 1]);
  await writeFeatures("a.npz", [...features.toReversed(), ["other", 99]]);
  const first = await experiment("a.npz");
  const { folder, key, photos: count, rejected } = await cacheFeatures(first, prepared);
  assert(/^file-[0-9a-f]{16}$/.test(key), key);
  assertEquals([count, rejected], [photos.length - 1, 1]);
  assert(first.lines.some((line) => line.endsWith("has no entry in DATA/a.npz")));
  using reader = await openFeatures(folder);
  assertEquals(reader.featureShape, [2]);
  assertEquals([...reader.gather([photos[1].digest, photos[5].digest])], [1, 1, 5, 5]);
  assertEquals(reader.has(photos[0].digest), false);
});

test("cacheFeatures() of another file has another key; of the same bytes the same", async (made) => {
  const { experiment, prepared, writeFeatures, photos } = made;
  const features = (number: number) => photos.map(({ photo }): [string, number] => [photo, number]);
  await writeFeatures("a.npz", features(1));
  await writeFeatures("b.npz", features(2));
  await writeFeatures("c.npz", features(1));
  const keys = [];
  for (const file of ["a.npz", "b.npz", "c.npz"]) {
    keys.push((await cacheFeatures(await experiment(file), prepared)).key);
  }
  assert(keys[0] !== keys[1]);
  assertEquals(keys[0], keys[2]);
});

test("cacheFeatures() says when a file fits none of the photos, or has no number", async (made) => {
  const { experiment, prepared, writeFeatures, photos } = made;
  await writeFeatures("none.npz", [["other", 1]]);
  const none = await assertRejects(
    async () => cacheFeatures(await experiment("none.npz"), prepared),
    Error,
  );
  assert(
    none.message.includes(
      `photos of the data set (such as ${photos[0].photo}) is among the 1 names`,
    ),
    none.message,
  );
  await writeFeatures("nan.npz", photos.map(({ photo }) => [photo, NaN]));
  const nan = await assertRejects(
    async () => cacheFeatures(await experiment("nan.npz"), prepared),
    RangeError,
  );
  assert(
    nan.message.endsWith(
      `nan.npz: its entry ${
        photos[0].photo
      } has the number NaN: encode that photo again, or remove it from the file`,
    ),
    nan.message,
  );
});
