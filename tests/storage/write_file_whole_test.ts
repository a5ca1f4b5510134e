import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import { explainWriteError, removeLeftovers, writeFileWhole } from "../../lib/storage/mod.ts";
import { writeFileWholeBy, writeFileWholeSync } from "../../lib/storage/write_file_whole.ts";

const ignore = !granted("read", "write");

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test({
  name: "writeFileWhole() writes bytes and texts, makes folders, leaves nothing else",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await writeFileWhole(`${folder}/a/b/text`, "größer");
      await writeFileWhole(`${folder}/a/b/bytes`, new Uint8Array([1, 2, 3]));
      const pieces = [new Uint8Array([4]), new Uint8Array(), new Uint8Array([5, 6])];
      await writeFileWhole(`${folder}/a/b/pieces`, pieces);
      assertEquals(await Deno.readFile(`${folder}/a/b/pieces`), new Uint8Array([4, 5, 6]));
      writeFileWholeSync(`${folder}/a/b/sync`, "now");
      await writeFileWhole(`${folder}/a/b/text`, "again");
      assertEquals(await Deno.readTextFile(`${folder}/a/b/text`), "again");
      assertEquals(await Deno.readFile(`${folder}/a/b/bytes`), new Uint8Array([1, 2, 3]));
      assertEquals(await Deno.readTextFile(`${folder}/a/b/sync`), "now");
      assertEquals(names(`${folder}/a/b`), ["bytes", "pieces", "sync", "text"]);
    }),
});

Deno.test({
  name: "writeFileWholeBy() keeps the old file and removes its own when the writer throws",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      await writeFileWhole(path, "old");
      const half = async (temporary: string) => {
        assert(temporary.startsWith(folder), "beside the file, so that renaming is one step");
        await Deno.writeTextFile(temporary, "ha");
        throw new RangeError("broken");
      };
      await assertRejects(() => writeFileWholeBy(path, half), RangeError, "broken");
      assertEquals(await Deno.readTextFile(path), "old");
      assertEquals(names(folder), ["file"]);
    }),
});

Deno.test({
  name: "writeFileWhole() names the folder when a part of the path is a file",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await writeFileWhole(`${folder}/file`, "");
      const write = () => writeFileWhole(`${folder}/file/inner/x`, "");
      await assertRejects(write, Error, `a part of ${folder}/file/inner is a file, not a folder`);
      const writeSync = () => writeFileWholeSync(folder, "");
      assertThrows(writeSync, Error, "a folder has this name: move it away");
      assertEquals(names(folder), ["file"]);
    }),
});

Deno.test("explainWriteError() says one sentence for a full disk and a read-only folder", () => {
  const said = (code: string) =>
    (explainWriteError(Object.assign(new Error(), { code }), "data/runs/x.json") as Error).message;
  assertEquals(
    said("ENOSPC"),
    "Cannot write data/runs/x.json: the disk that holds data/runs is full: free some space and run again",
  );
  assert(said("EROFS").includes("the folder data/runs is on a read-only file system"));
  assert(said("EACCES").includes("data/runs is not writable for this user"));
  const other = new RangeError("other");
  assertEquals(explainWriteError(other, "x"), other);
});

Deno.test({
  name: "removeLeftovers() removes what a killed writer left, not what a living one writes",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const dead = `${folder}/.showtell-${crypto.randomUUID()}.tmp`;
      await Deno.writeTextFile(dead, "half");
      await Deno.writeTextFile(`${folder}/mine.tmp`, "no temporary of ours");
      await writeFileWholeBy(`${folder}/whole`, async (_, file) => {
        assertEquals(await removeLeftovers(folder), 1);
        await file.write(new TextEncoder().encode("content"));
      });
      assertEquals(names(folder), ["mine.tmp", "whole"]);
      assertEquals(await removeLeftovers(`${folder}/nowhere`), 0);
    }),
});

Deno.test({
  name: "writeFileWhole() killed with SIGKILL leaves the old file or the new, never a part",
  ignore: ignore || !granted("run"),
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      const child = new URL("./write_forever.ts", import.meta.url).pathname;
      for (const delay of [1, 7, 23]) {
        const process = new Deno.Command(Deno.execPath(), {
          args: ["run", "--no-check", "-A", child, path],
          stdout: "piped",
          stderr: "null",
        }).spawn();
        const reader = process.stdout.getReader();
        await reader.read(); // it began to write
        await new Promise((resolve) => setTimeout(resolve, delay));
        process.kill("SIGKILL");
        await process.status;
        await reader.cancel();
        const bytes = await Deno.readFile(path);
        assertEquals(bytes.length, 1 << 22);
        assert(bytes.every((byte) => byte === bytes[0]), "all of one version");
      }
      await removeLeftovers(folder);
      assertEquals(names(folder), ["file"]);
    }),
});
