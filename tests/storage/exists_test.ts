import { exists, isFile, isFolder, readTextIfAny, unlessNotFound } from "../../lib/storage/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");

Deno.test({
  name: "exists(), isFile(), isFolder(), readTextIfAny() tell files, folders and nothing apart",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const file = `${folder}/a.txt`;
      await Deno.writeTextFile(file, "a");
      const seen = (path: string) => Promise.all([exists(path), isFile(path), isFolder(path)]);
      assertEquals(await seen(file), [true, true, false]);
      assertEquals(await seen(folder), [true, false, true]);
      assertEquals(await seen(`${folder}/b.txt`), [false, false, false]);
      assertEquals(await seen(`${file}/b.txt`), [false, false, false]);
      assertEquals(await readTextIfAny(file), "a");
      assertEquals(await readTextIfAny(`${folder}/b.txt`), undefined);
      assertEquals(await readTextIfAny(`${file}/b.txt`), undefined);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("unlessNotFound() throws every other error again", () => {
  assertEquals(unlessNotFound(new Deno.errors.NotFound("gone")), undefined);
  assertThrows(
    () => unlessNotFound(new Deno.errors.PermissionDenied("no")),
    Deno.errors.PermissionDenied,
  );
});
