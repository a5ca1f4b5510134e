import {
  deleteFolder,
  FolderUses,
  lockFolder,
  lockUnused,
  tidyBeside,
  tidyFolder,
  writeFolderWhole,
} from "../../lib/storage/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

function test(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !granted("read", "write"),
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

const writing = (text: string) => (made: string) => Deno.writeTextFile(`${made}/file`, text);

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

test("writeFolderWhole() replaces a folder only if asked, and leaves nothing else", async (folder) => {
  const path = `${folder}/run`;
  await writeFolderWhole(path, writing("one"));
  await assertRejects(() => writeFolderWhole(path, writing("two")), Error);
  assertEquals(await Deno.readTextFile(`${path}/file`), "one");
  await writeFolderWhole(path, writing("two"), { replace: true });
  assertEquals(await Deno.readTextFile(`${path}/file`), "two");
  const failing = () => Promise.reject(new Error("full"));
  await assertRejects(() => writeFolderWhole(path, failing, { replace: true }), Error, "full");
  assertEquals(await Deno.readTextFile(`${path}/file`), "two");
  assertEquals(names(folder), ["run"]);
  await deleteFolder(path);
  assertEquals(names(folder), []);
});

test("tidyFolder() puts back the folder whose replacement was killed between two renames", async (folder) => {
  await writeFolderWhole(`${folder}/.showtell-old-run`, writing("old"));
  await writeFolderWhole(`${folder}/.showtell-new-run`, writing("new"));
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  {
    using _lock = await lockFolder(`${folder}/run`); // while its writer lives, all of it stays
    await tidyFolder(folder, { say });
    assertEquals(names(folder), [".run.lock", ".showtell-new-run", ".showtell-old-run"]);
  }
  await tidyFolder(folder, { say });
  assertEquals(names(folder), ["run"]);
  assertEquals(await Deno.readTextFile(`${folder}/run/file`), "old");
  assertEquals(said.length, 1);
});

test("tidyFolder() removes what is half deleted or replaced already, and locks of the dead", async (folder) => {
  await writeFolderWhole(`${folder}/run`, writing("new"));
  for (const name of [".showtell-old-run", `.showtell-gone-${crypto.randomUUID()}`]) {
    await Deno.mkdir(`${folder}/${name}`);
    await Deno.writeTextFile(`${folder}/${name}/file`, "old");
  }
  await Deno.writeTextFile(
    `${folder}/.other.lock`,
    '{"pid":1,"started":"2026-01-01T00:00:00.000Z"}\n',
  );
  await Deno.writeTextFile(`${folder}/.other.use`, "");
  await Deno.writeTextFile(`${folder}/.gitignore`, "of the user");
  await tidyFolder(folder, { locked: /^other$/ });
  assertEquals(names(folder), [".gitignore", "run"]);
  assertEquals(await Deno.readTextFile(`${folder}/run/file`), "new");
});

test("FolderUses: any number may use a folder, and nobody is alone with it meanwhile", async (folder) => {
  const path = `${folder}/dataset`;
  using one = new FolderUses();
  await one.use(path);
  {
    using two = new FolderUses();
    await two.use(path);
    await assertRejects(() => one.alone(path), Error, `${path} is in use by another process`);
    await tidyFolder(folder, { locked: /./ });
    await assertRejects(() => lockUnused(path), Error, "is in use by another process");
  }
  {
    using _alone = await one.alone(path); // its own use of it ended
    await assertRejects(() => new FolderUses().use(path), Error, "is being altered");
  }
  await one.use(path);
  one[Symbol.dispose]();
  assertEquals(names(folder), []);
});

/** Files of the user's with names as of locks and leftovers. */
const foreign = {
  ".flake.lock": '{"nodes":{}}',
  ".editor.lock": "4711",
  ".run.lock": '{"pid":1}',
  ".run.use": "for the kitchen",
  ".showtell-gone-notes": "mine",
};

async function writeForeign(folder: string): Promise<void> {
  for (const [name, text] of Object.entries(foreign)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

async function assertForeign(folder: string): Promise<void> {
  for (const [name, text] of Object.entries(foreign)) {
    assertEquals(await Deno.readTextFile(`${folder}/${name}`), text);
  }
}

test("a user's files are not taken for locks: tidying leaves them, locking refuses them", async (folder) => {
  await writeForeign(folder);
  await Deno.symlink("user@host.4711", `${folder}/.linked.lock`);
  await tidyFolder(folder, { locked: /./ });
  await tidyBeside(`${folder}/run`);
  for (const lock of [lockFolder, lockUnused, (path: string) => new FolderUses().use(path)]) {
    await assertRejects(() => lock(`${folder}/run`), Error, "was not made here: move it away");
  }
  await assertForeign(folder);
  assertEquals(names(folder), [...Object.keys(foreign), ".linked.lock"].sort());
});

test("tidyBeside() removes what is left of one folder, and nothing of others", async (folder) => {
  const dead = '{"pid":1,"started":"2026-01-01T00:00:00.000Z"}\n';
  const others = [".other.lock", ".showtell-new-other", ".showtell-old-other", "thing"];
  await Deno.writeTextFile(`${folder}/.other.lock`, dead);
  for (const name of others.slice(1)) await writeFolderWhole(`${folder}/${name}`, writing("it"));
  await Deno.writeTextFile(`${folder}/.mine.lock`, dead);
  await Deno.writeTextFile(`${folder}/.mine.use`, "");
  await writeFolderWhole(`${folder}/.showtell-old-mine`, writing("old"));
  await tidyBeside(`${folder}/mine`);
  assertEquals(names(folder), [...others, "mine"].sort());
  await tidyBeside(`${folder}/missing/mine`);
});
