import { join } from "node:path";
import {
  type PreparedDataset,
  readDataset,
  readDatasetTable,
  writeDataset,
} from "../../lib/datasets/mod.ts";
import { DamagedFileError } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { inTempFolder } from "./temp_folder.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");

const prepared: PreparedDataset = {
  kind: "flickr8k",
  photoFolder: "/photos",
  captions: [
    { photo: "ä.jpg", digest: "1".repeat(64), caption: 'Ein "Hund", läuft 🐕', split: "train" },
    { photo: "b.jpg", digest: "2".repeat(64), caption: "A cat", split: "" },
  ],
  rejected: [],
  rows: 2,
  tables: { scenes: [{ photo: "ä.jpg", count: 2 }] },
};

Deno.test({
  name: "readDataset() returns what writeDataset() wrote, empty tables too",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const summary = await writeDataset(folder, prepared);
      const dataset = await readDataset(folder);
      assertEquals(dataset.captions, prepared.captions);
      assertEquals(dataset.rejected, []);
      assertEquals(dataset.summary, summary);
      assertEquals(dataset.photoFolder, "/photos");
      assertEquals((await readDatasetTable(folder, "rejected")).columns, ["row", "reason"]);
      assertEquals(
        (await readDatasetTable(folder, "scenes")).toRecords() as unknown[],
        prepared.tables!.scenes,
      );
    }),
});

Deno.test({
  name: "writeDataset() counts splits and reasons, and leaves no other file",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const rejected = ["a", "b", "a"].map((reason, index) => ({ row: `x:${index}`, reason }));
      const summary = await writeDataset(folder, { ...prepared, rejected });
      assertEquals(summary.reasons, { a: 2, b: 1 });
      assertEquals(summary.splits, [
        { split: "train", photos: 1, captions: 1 },
        { split: "", photos: 1, captions: 1 },
      ]);
      const files = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
      const tables = ["captions", "rejected", "scenes"].map((name) => `${name}.parquet`);
      assertEquals(files, [...tables, "dataset.json"].sort());
    }),
});

Deno.test({
  name: "writeDataset() writes the same bytes for the same data set",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const bytes = async (name: string) => {
        await writeDataset(join(folder, name), prepared);
        return [
          await Deno.readFile(join(folder, name, "captions.parquet")),
          await Deno.readFile(join(folder, name, "dataset.json")),
        ];
      };
      assertEquals(await bytes("a"), await bytes("b"));
    }),
});

Deno.test({
  name: "readDataset() resolves a relative photo folder against its own",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      await writeDataset(folder, { ...prepared, photoFolder: "photos" });
      assertEquals((await readDataset(folder)).photoFolder, join(folder, "photos"));
    }),
});

Deno.test({
  name: "readDataset() names the file that is missing or damaged",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      await assertRejects(() => readDataset(folder), Error, "dataset.json");
      await writeDataset(folder, prepared);
      const summary = join(folder, "dataset.json");
      const text = await Deno.readTextFile(summary);
      await Deno.writeTextFile(summary, text.replace('"flickr8k"', '"flickr9k"'));
      const altered = `${summary} is damaged (it was altered): prepare the data set again`;
      await assertRejects(() => readDataset(folder), DamagedFileError, altered);
      await Deno.writeTextFile(summary, text);
      const path = join(folder, "captions.parquet");
      const bytes = await Deno.readFile(path);
      await Deno.writeFile(path, bytes.subarray(0, bytes.length - 9));
      const error = await assertRejects(() => readDataset(folder), Error, path);
      assert(error.message.includes("damaged"));
      await Deno.remove(path);
      await assertRejects(() => readDataset(folder), Error, path);
    }),
});

Deno.test({
  name: "readDataset() of a folder of another version says which, and what to do",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const summary = await writeDataset(folder, prepared);
      const path = join(folder, "dataset.json");
      await Deno.writeTextFile(path, JSON.stringify({ format: 2, ...summary }));
      const error = await assertRejects(() => readDataset(folder), Error);
      assertEquals(
        error.message,
        `${path} has format 2, but this version reads 4: prepare the data set again`,
      );
    }),
});
