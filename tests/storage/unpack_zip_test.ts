import { join } from "node:path";
import { unpackZip } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { inTempFolder, writeFiles } from "../datasets/temp_folder.ts";
import { type ZipEntry, zipOf } from "../datasets/downloads/zip.ts";

const ignore = !granted("read", "write", "env");

/** Unpacks entries into `folder/out`. */
async function unpack(folder: string, entries: ZipEntry[]): Promise<string> {
  await writeFiles(folder, { "a.zip": zipOf(entries) });
  const out = join(folder, "out");
  await unpackZip(join(folder, "a.zip"), out);
  return out;
}

Deno.test({
  name: "unpackZip() unpacks folders and non-ASCII names, and leaves out what macOS adds",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const out = await unpack(folder, [
        { name: "Images/", content: "", mode: 0o040755 },
        { name: "Images/ä.jpg", content: "photo" },
        { name: "captions.txt", content: "" },
        { name: "__MACOSX/Images/._ä.jpg", content: "x" },
        { name: "Images/.DS_Store", content: "x" },
      ]);
      assertEquals(await Deno.readTextFile(join(out, "Images/ä.jpg")), "photo");
      assertEquals([...Deno.readDirSync(out)].map((entry) => entry.name).sort(), [
        "Images",
        "captions.txt",
      ]);
      assertEquals([...Deno.readDirSync(join(out, "Images"))].length, 1);
    }),
});

for (const name of ["../evil.txt", "a/../../evil.txt", "/tmp/evil.txt", "..\\evil.txt"]) {
  Deno.test({
    name: `unpackZip() refuses the entry ${name}`,
    ignore,
    fn: () =>
      inTempFolder(async (folder) => {
        const error = await assertRejects(() => unpack(folder, [{ name, content: "x" }]), Error);
        assert(error.message.includes("a.zip cannot be unpacked"), error.message);
        const files = [...Deno.readDirSync(folder)].map((entry) => entry.name);
        assert(!files.includes("evil.txt"));
      }),
  });
}

Deno.test({
  name: "unpackZip() refuses symbolic links",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const link = { name: "link", content: "/etc", mode: 0o120777 };
      await assertRejects(() => unpack(folder, [link]), Error, "symbolic link");
    }),
});

Deno.test({
  name: "unpackZip() names an archive that is cut off or none, and leaves no part of a file",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const whole = zipOf([{ name: "a.txt", content: "x".repeat(99) }]);
      for (const bytes of [whole.subarray(0, 60), new TextEncoder().encode("<html>not found")]) {
        await writeFiles(folder, { "b.zip": bytes });
        const path = join(folder, "b.zip");
        await assertRejects(() => unpackZip(path, folder), Error, `${path} cannot be unpacked`);
      }
      assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["b.zip"]);
    }),
});

Deno.test({
  name: "unpackZip() unpacks only the entries to keep, and ends its error with the remedy given",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const entries = ["a/kept.txt", "a/other.txt"].map((name) => ({ name, content: "text" }));
      await writeFiles(folder, { "a.zip": zipOf(entries), "b.zip": "nothing" });
      const out = join(folder, "out");
      const keep = (name: string) => name.endsWith("kept.txt");
      await unpackZip(join(folder, "a.zip"), out, { keep, sync: true });
      assertEquals([...Deno.readDirSync(join(out, "a"))].map(({ name }) => name), ["kept.txt"]);
      assertEquals(await Deno.readTextFile(join(out, "a", "kept.txt")), "text");
      const failed = () => unpackZip(join(folder, "b.zip"), out, { remedy: "get it again" });
      await assertRejects(failed, Error, "): get it again");
    }),
});
