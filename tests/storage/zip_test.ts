import { assertEquals, assertRejects } from "../assert.ts";
import { openZip } from "../../lib/storage/mod.ts";
import { type ArchiveMember, archiveOf } from "../interchange/zip_archive.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

async function withArchive(
  members: ArchiveMember[],
  work: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  try {
    await Deno.writeFile(path, archiveOf(members));
    await work(path);
  } finally {
    await Deno.remove(path);
  }
}

async function refusal(members: ArchiveMember[]): Promise<string> {
  let message = "";
  await withArchive(members, async (path) => {
    const { message: found } = await assertRejects(async () => {
      using archive = await openZip(path);
      for (const name of archive.members.keys()) await archive.read(name);
    }, SyntaxError);
    message = found.replace(path, "FILE");
  });
  return message;
}

test("openZip() reads stored and deflated members, without folders", async () => {
  const long = new Uint8Array(300_000).fill(7);
  await withArchive([
    { name: "assets/", content: "" },
    { name: "config.json", content: "{}" },
    { name: "assets/weights", content: long, deflated: true },
  ], async (path) => {
    using archive = await openZip(path);
    assertEquals([...archive.members.values()], [
      { name: "config.json", size: 2 },
      { name: "assets/weights", size: 300_000 },
    ]);
    assertEquals(new TextDecoder().decode(await archive.read("config.json")), "{}");
    assertEquals(await archive.read("assets/weights"), long);
    const missing = await assertRejects(() => archive.read("metadata.json"), RangeError);
    assertEquals(missing.message, `${path} has no member metadata.json`);
  });
});

test("openZip() refuses every member that escapes its folder, in one sentence", async () => {
  for (
    const name of ["../weights", "a/../../b", "/etc/passwd", "C:/x", "a\\..\\b", "\\\\host\\x"]
  ) {
    assertEquals(
      await refusal([{ name: "config.json", content: "{}" }, { name, content: "x" }]),
      `FILE is refused: its member ${name} would lie outside of the archive's folder`,
    );
  }
  assertEquals(
    await refusal([{ name: "weights", content: "/etc/passwd", mode: 0o120777 }]),
    "FILE is refused: its member weights is a symbolic link",
  );
});

test("openZip() refuses an archive that would unpack to over 100 times its size", async () => {
  const message = await refusal([
    { name: "weights", content: new Uint8Array(80 * 2 ** 20), deflated: true },
  ]);
  const claimed = 80 * 2 ** 20;
  assertEquals(
    message.replace(/\d+ bytes/, "N bytes"),
    `FILE is refused as a zip bomb: it has N bytes and would unpack to ${claimed} or more`,
  );
});

test("openZip() refuses sizes that deflate cannot reach", async () => {
  assertEquals(
    await refusal([{ name: "weights", content: "x", deflated: true, claims: 50_000_000 }]),
    "FILE is refused as a zip bomb: its member weights has 3 bytes and claims 50000000",
  );
});

test("openZip() refuses members that share their bytes", async () => {
  assertEquals(
    await refusal([
      { name: "a", content: "bytes" },
      { name: "b", content: "bytes", overlaps: true },
    ]),
    "FILE is refused as a zip bomb: its members a and b share bytes",
  );
});

test("ZipArchive counts what is inflated: more than claimed is a bomb, less is damage", async () => {
  const content = new Uint8Array(1_000_000);
  assertEquals(
    await refusal([{ name: "weights", content, deflated: true, claims: 1000 }]),
    "FILE is refused as a zip bomb: its member weights inflates to more than the 1000 bytes " +
      "that it claims",
  );
  assertEquals(
    await refusal([{ name: "weights", content, deflated: true, claims: 1_000_001 }]),
    "FILE is not a complete zip archive (member weights ends after 1000000 of 1000001 bytes): " +
      "get the file again",
  );
});

test("ZipArchive names a member whose bytes were altered", async () => {
  const path = await Deno.makeTempFile();
  try {
    const bytes = archiveOf([{ name: "a", content: "bytes" }]);
    bytes[30 + 1] ^= 1; // the local header has 30 bytes and the name
    await Deno.writeFile(path, bytes);
    using archive = await openZip(path);
    const { message } = await assertRejects(() => archive.read("a"), SyntaxError);
    assertEquals(
      message,
      `${path} is not a complete zip archive (member a does not match its checksum): get the file again`,
    );
  } finally {
    await Deno.remove(path);
  }
});

test("openZip() says that an archive is truncated, or that there is none", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, archiveOf([{ name: "a", content: "bytes" }]).subarray(0, 60));
    const { message } = await assertRejects(() => openZip(path), SyntaxError);
    assertEquals(
      message,
      `${path} is not a complete zip archive (its directory, which belongs at the end, is missing): ` +
        "get the file again",
    );
  } finally {
    await Deno.remove(path);
  }
  const { message } = await assertRejects(() => openZip(path), Deno.errors.NotFound);
  assertEquals(message, `There is no file ${path}: put it there, or name another`);
});
