import { join, relative } from "node:path";
import { findPhoto, isAmbiguous, listPhotoTree } from "../../lib/datasets/photo_folder.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { inTempFolder, writeFiles } from "./temp_folder.ts";

const ignore = !granted("read", "write", "env");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `listPhotoTree() ${name}`, ignore, fn: () => inTempFolder(fn) });
}

test("finds photos by path, bare name, stem, and in other Unicode forms", async (folder) => {
  await writeFiles(folder, {
    "p/a.jpg": "",
    "p/q/b.v2.png": "",
    "p/q/cafe\u0301.jpg": "",
    "p/a": "",
  });
  const photos = await listPhotoTree(folder, "p", []);
  const found = (name: string) => findPhoto(photos, name);
  assertEquals(photos.path, join(folder, "p"));
  assertEquals(
    ["a.jpg", "./q/b.v2.png", "q\\b.v2.png", "/else/b.v2.png", "b.v2", "a", "../a.jpg"].map(found),
    ["a.jpg", "q/b.v2.png", "q/b.v2.png", "q/b.v2.png", "q/b.v2.png", "a", "a.jpg"],
  );
  assertEquals(
    ["caf\u00e9.jpg", "q/caf\u00e9.jpg", "caf\u00e9"].map(found),
    Array(3).fill("q/cafe\u0301.jpg"),
  );
  assertEquals(["c.jpg", "", "q"].map(found), [undefined, undefined, undefined]);
});

test("takes an exact path before a bare name, and no bare name of two photos", async (folder) => {
  await writeFiles(folder, { "a.jpg": "", "q/a.jpg": "", "q/b.jpg": "", "r/b.jpg": "" });
  const photos = await listPhotoTree(folder, undefined, ["none", "."]);
  assertEquals([findPhoto(photos, "a.jpg"), findPhoto(photos, "b.jpg")], ["a.jpg", undefined]);
  assertEquals(["b.jpg", "b", "c.jpg"].map((name) => isAmbiguous(photos, name)), [
    true,
    true,
    false,
  ]);
});

test("follows links to folders, once each, and finds a folder seen from the current one", async (folder) => {
  await writeFiles(folder, { "far/a.jpg": "", "near/x.txt": "" });
  await Deno.symlink(join(folder, "far"), join(folder, "near/far"));
  await Deno.symlink(join(folder, "near"), join(folder, "far/loop"));
  const photos = await listPhotoTree(folder, "near", []);
  assertEquals(findPhoto(photos, "a.jpg"), "far/a.jpg");
  const seen = relative(Deno.cwd(), join(folder, "far"));
  assertEquals((await listPhotoTree(join(folder, "near"), seen, [])).path, join(folder, "far"));
  await assertRejects(() => listPhotoTree(folder, "gone", []), Error, join(folder, "gone"));
});
