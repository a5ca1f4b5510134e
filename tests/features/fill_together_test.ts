import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { lockCache, openFeatures } from "../../lib/features/mod.ts";
import { sha256, tidyFolder } from "../../lib/storage/mod.ts";
import { expectedFeature, makePhotos } from "./made_photos.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "run");

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({
    name,
    ignore,
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

const script = new URL("./fill_forever.ts", import.meta.url).pathname;

function start(cache: string, photos: string, ...which: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", script, cache, photos, ...which],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** What a process that ended well did. */
async function done(child: Deno.ChildProcess) {
  const { success, stdout } = await child.output();
  assert(success);
  const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!;
  const [, encoded, cached] = /encoded (\d+), cached (\d+)/.exec(last)!.map(Number);
  return { encoded, cached };
}

async function checksums(folder: string): Promise<Record<string, string>> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, sha256(await Deno.readFile(`${folder}/${name}`))]),
    ),
  );
}

test("fillCache() in two processes shares the work, nothing twice, to the bytes of one", async (folder) => {
  await makePhotos(`${folder}/photos`, 60);
  await done(start(`${folder}/alone`, `${folder}/photos`));
  const children = [1, 2].map(() => start(`${folder}/cache`, `${folder}/photos`));
  const both = await Promise.all(children.map(done));
  assertEquals(both[0].encoded + both[1].encoded, 60);
  assert(both.every(({ encoded }) => encoded > 0), JSON.stringify(both));
  for (const { encoded, cached } of both) assertEquals(encoded + cached, 60);
  assertEquals(await checksums(`${folder}/cache`), await checksums(`${folder}/alone`));
});

test("fillCache() in two processes of overlapping data sets encodes no photo twice", async (folder) => {
  const photos = await makePhotos(`${folder}/photos`, 60);
  const both = await Promise.all([
    done(start(`${folder}/cache`, `${folder}/photos`, "0", "40")),
    done(start(`${folder}/cache`, `${folder}/photos`, "15", "60", "backwards")),
  ]);
  assertEquals(both[0].encoded + both[1].encoded, 60);
  using features = await openFeatures(`${folder}/cache`);
  for (const [i, { digest }] of photos.entries()) {
    assertEquals([...features.gather([digest])], expectedFeature(i));
  }
});

test("fillCache() does the shard of a process that was killed beside it", async (folder) => {
  await makePhotos(`${folder}/photos`, 60);
  await done(start(`${folder}/alone`, `${folder}/photos`));
  const killed = start(`${folder}/cache`, `${folder}/photos`);
  const other = done(start(`${folder}/cache`, `${folder}/photos`));
  for await (const text of killed.stdout.pipeThrough(new TextDecoderStream())) {
    if (Math.max(...text.trim().split("\n").map(Number)) >= 5) break;
  }
  const { message } = await assertRejects(() => lockCache(`${folder}/cache`), Error);
  assert(message.includes("is in use by process"), message);
  killed.kill("SIGKILL");
  await killed.status;
  const { encoded, cached } = await other;
  assertEquals(encoded + cached, 60);
  await tidyFolder(`${folder}/cache`); // as tasks do: the file that was being written, if there was one
  assertEquals(await checksums(`${folder}/cache`), await checksums(`${folder}/alone`));
});
