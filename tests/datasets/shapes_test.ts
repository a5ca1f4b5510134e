import { join } from "node:path";
import { colours, datasetSettings, shapes, type TableRow } from "../../lib/datasets/mod.ts";
import { sceneOf } from "../../lib/datasets/shapes.ts";
import { sha256 } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { prepareDataset } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");
const settings = (more = {}) =>
  datasetSettings.parse({ kind: "shapes", train: 80, dev: 10, test: 10, ...more });

Deno.test({
  name: "shapes: photos of all splits differ, digests are those of the files, captions are five",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const prepared = await prepareDataset(settings(), { folder });
      const photos = new Map(prepared.captions.map((row) => [row.photo, row]));
      assertEquals(prepared.captions.length, 5 * 100);
      assertEquals(photos.size, 100);
      assertEquals(new Set([...photos.values()].map((row) => row.digest)).size, 100);
      for (const { photo, digest } of photos.values()) {
        assertEquals(
          sha256(await Deno.readFile(join(folder, prepared.photoFolder, photo))),
          digest,
        );
      }
      const left = [...Deno.readDirSync(folder)].map((entry) => entry.name);
      assertEquals(left, ["photos"]);
    }),
});

Deno.test({
  name: "shapes: train has every shape in every colour; scenes read back as they were drawn",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const { captions, tables } = await prepareDataset(settings(), { folder });
      const split = new Map(captions.map((row) => [row.photo, row.split]));
      const scenes = (tables!.scenes as TableRow[]).map(sceneOf);
      const train = scenes.filter(({ photo }) => split.get(photo) === "train");
      const main = new Set(train.map(({ shape, colour }) => `${colour} ${shape}`));
      assertEquals(main.size, shapes.length * colours.length);
      assert(scenes.some(({ second }) => second !== null));
      assert(scenes.some(({ second }) => second === null));
    }),
});

Deno.test({
  name: "shapes: the same seed gives the same table, another seed other photos",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const first = await prepareDataset(settings({ limit: 8 }), { folder });
      assertEquals(await prepareDataset(settings({ limit: 8 }), { folder }), first);
      const other = await prepareDataset(settings({ limit: 8, seed: 2 }), { folder });
      const digests = new Set(first.captions.map((row) => row.digest));
      assertEquals(digests.size, 24);
      assert(other.captions.every((row) => !digests.has(row.digest)));
    }),
});

Deno.test({
  name: "shapes: an interrupted drawing leaves no photos folder, and reports progress before",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const stop = new AbortController();
      const onProgress = (_: string, done: number) => done === 20 && stop.abort();
      await assertRejects(
        () => prepareDataset(settings(), { folder, onProgress, signal: stop.signal }),
        DOMException,
      );
      assertEquals([...Deno.readDirSync(folder)], []);
    }),
});
