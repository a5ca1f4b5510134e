import { join, relative } from "node:path";
import { listPhotoTree } from "../../lib/datasets/photo_folder.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { inTempFolder, writeFiles } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `listPhotoTree() ${name}`, ignore, fn: () => inTempFolder(fn) });
}

test("lists files of all folders, without hidden ones and macOS' copies", async (folder) => {
  await writeFiles(folder, {
    "p/a.jpg": "",
    "p/q/b.v2.png": "",
    "p/notes.txt": "",
    "p/._a.jpg": "",
    "p/.thumbs/a.jpg": "",
    "p/__MACOSX/a.jpg": "",
  });
  const { path, files } = await listPhotoTree(folder, "p", []);
  assertEquals(path, join(folder, "p"));
  assertEquals(files, ["a.jpg", "notes.txt", "q/b.v2.png"]);
  const usual = await listPhotoTree(folder, undefined, ["none", "p"]);
  assertEquals(usual.path, path);
});

test("follows links to folders, once each, and finds a folder seen from the current one", async (folder) => {
  await writeFiles(folder, { "far/a.jpg": "", "near/x.txt": "" });
  await Deno.symlink(join(folder, "far"), join(folder, "near/far"));
  await Deno.symlink(join(folder, "near"), join(folder, "far/loop"));
  const photos = await listPhotoTree(folder, "near", []);
  assertEquals(photos.files, ["far/a.jpg", "x.txt"]);
  const seen = relative(Deno.cwd(), join(folder, "far"));
  assertEquals((await listPhotoTree(join(folder, "near"), seen, [])).path, join(folder, "far"));
  await assertRejects(() => listPhotoTree(folder, "gone", []), Error, join(folder, "gone"));
});
