import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import {
  FolderUses,
  isLocked,
  lockFolder,
  lockUnused,
  writeFolderWhole,
} from "../../lib/storage/mod.ts";

Deno.test({
  name: "lockFolder() refuses a second holder, names the process, and is free after disposal",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    {
      using _lock = await lockFolder(`${folder}/run`);
      const { pid } = JSON.parse(await Deno.readTextFile(`${folder}/.run.lock`));
      assertEquals(pid, Deno.pid);
      const second = () => lockFolder(`${folder}/run`);
      await assertRejects(second, Error, `${folder}/run is in use by this process itself since`);
    }
    assertEquals([...Deno.readDirSync(folder)], []); // not even the folder that was locked
    const said: string[] = [];
    using _again = await lockFolder(`${folder}/run`, { say: (line) => said.push(line) });
    assertEquals(said, []);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "lockFolder() is refused while another process lives, and taken over once it is killed",
  ignore: !granted("read", "write", "run"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const child = new URL("./lock_forever.ts", import.meta.url).pathname;
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", child, folder],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = process.stdout.getReader();
    await reader.read(); // it has the lock
    await assertRejects(() => lockFolder(folder), Error, `in use by process ${process.pid} since`);
    process.kill("SIGKILL");
    await process.status;
    await reader.cancel();
    const said: string[] = [];
    using _lock = await lockFolder(folder, { say: (line) => said.push(line) });
    assertEquals(said.length, 1);
    assert(said[0].includes(`process ${process.pid}, which held it, ended early`), said[0]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "lockFolder() has one winner among many at once",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const locks = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const won = locks.filter(({ status }) => status === "fulfilled");
    assertEquals(won.length, 1);
    (won[0] as PromiseFulfilledResult<Disposable>).value[Symbol.dispose]();
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "two names of one folder share its lock and its uses, also before it is there",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/runs`);
      await Deno.symlink("runs", `${folder}/also`); // its parent
      await Deno.symlink("runs/tiny", `${folder}/base`); // itself, which is not there yet
      for (const made of [false, true]) {
        if (made) await Deno.mkdir(`${folder}/runs/tiny`);
        for (const name of ["base", "also/tiny", "runs/../also/tiny/."]) {
          using _lock = await lockFolder(`${folder}/runs/tiny`);
          using uses = new FolderUses();
          await uses.use(`${folder}/${name}`);
          assert(await isLocked(`${folder}/${name}`), name);
          await assertRejects(
            () => lockFolder(`${folder}/${name}`),
            Error,
            "is in use by this process",
          );
          await assertRejects(
            () => lockUnused(`${folder}/runs/tiny`),
            Error,
            "is in use by another",
          );
        }
      }
      await writeFolderWhole(`${folder}/base`, (made) => Deno.mkdir(`${made}/new`), {
        replace: true,
      });
      assert((await Deno.lstat(`${folder}/base`)).isSymlink);
      assert((await Deno.stat(`${folder}/runs/tiny/new`)).isDirectory);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
