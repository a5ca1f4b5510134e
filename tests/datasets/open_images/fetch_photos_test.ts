import { join } from "node:path";
import {
  fetchPhotos,
  type FetchPhotosSettings,
} from "../../../lib/datasets/open_images/fetch_photos.ts";
import { type BucketSettings, bucketSettings } from "../../../lib/datasets/open_images/settings.ts";
import { sha256 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { inTempFolder } from "../temp_folder.ts";
import {
  drawnFaults,
  drawnIds,
  drawnPhotos,
  type PhotoServer,
  type ServedPhotos,
  servePhotos,
} from "./photo_server.ts";

const ignore = !granted("read", "write", "net");

/** One bucket, one folder, and runs that fetch photos from one to the other. */
interface Fixture {
  server: PhotoServer;
  folder: string;
  said: string[];
  fetchIds(
    ids: readonly string[],
    bucket?: Partial<BucketSettings>,
    more?: Partial<FetchPhotosSettings> & { signal?: AbortSignal },
  ): Promise<Map<string, string | Error>>;
  names(): string[];
}

function test(
  name: string,
  served: ServedPhotos,
  fn: (fixture: Fixture) => Promise<void>,
  possible = true,
) {
  Deno.test({
    name: `fetchPhotos() ${name}`,
    ignore: ignore || !possible,
    sanitizeOps: false, // connections cut on purpose
    sanitizeResources: false,
    fn: () =>
      inTempFolder(async (temporary) => {
        await using server = servePhotos(served);
        const folder = join(temporary, "photos");
        const said: string[] = [];
        await fn({
          server,
          folder,
          said,
          fetchIds: (ids, bucket = {}, { signal, ...more } = {}) =>
            fetchPhotos(ids, folder, {
              bucket: bucketSettings.parse({
                endpoint: server.endpoint,
                hosts: server.hosts,
                retryDelay: 0.005,
                stallTimeout: 0.5,
                ...bucket,
              }),
              resize: false,
              allowed: Infinity,
              ...more,
            }, { say: (line) => said.push(line), signal }),
          names: () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
        });
      }),
  });
}

const reasons = (fates: Map<string, string | Error>) =>
  [...fates.values()].map((fate) => fate instanceof Error ? fate.message : "here");

const many = drawnIds(1, 300);
const manyPhotos = drawnPhotos(1, many);
test(
  "fetches all photos, by their checksums, from a server that drops, refuses, truncates, stalls",
  { photos: manyPhotos, fault: drawnFaults(1) },
  async ({ fetchIds, folder, server, names }) => {
    const fates = await fetchIds(many);
    assert(server.requests.length > 350, `few of ${server.requests.length} requests met a fault`);
    for (const id of many) {
      const expected = sha256(manyPhotos.get(`train/${id}`)!);
      assertEquals(fates.get(id), expected);
      assertEquals(sha256(await Deno.readFile(`${folder}/${id}.jpg`)), expected);
    }
    assertEquals(names(), [...many.map((id) => `${id}.jpg`), "fetched.jsonl"].sort());
    const asked = server.requests.length;
    assertEquals(await fetchIds(many), fates);
    assertEquals(server.requests.length, asked);
  },
);

const [a, b, c, d] = drawnIds(2, 4);
const two = new Map([
  ...drawnPhotos(2, [a], "train"),
  ...drawnPhotos(2, [b], "validation"),
  ...drawnPhotos(2, [c], "test"),
]);
test(
  "asks partitions in turn after a 404, and never again for a photo that is nowhere",
  { photos: two },
  async ({ fetchIds, server, folder, said }) => {
    const fates = await fetchIds([a, b, c, d], { concurrency: 1 });
    assertEquals(
      said.at(-1),
      "1 photo in none of train, validation, test; those in none are requested again only if " +
        'dataset.bucket.fetch is "all"',
    );
    assertEquals(reasons(fates), [
      "here",
      "here",
      "here",
      "photo in none of train, validation, test",
    ]);
    const asked = [[a, 1], [b, 2], [c, 3], [d, 3]] as const;
    assertEquals(
      server.requests,
      asked.flatMap(([id, count]) =>
        ["train", "validation", "test"].slice(0, count).map((partition) => `${partition}/${id}`)
      ),
    );
    assertEquals(await fetchIds([a, b, c, d]), fates);
    assertEquals(server.requests.length, 9);
    await fetchIds([a, b, c, d], { fetch: "all" });
    assertEquals(server.requests.length, 12);
    await fetchIds([a, b, c, d], { partitions: ["test", "train"] });
    assertEquals(server.requests.slice(12), [`test/${d}`, `train/${d}`]);
    await Deno.remove(`${folder}/${a}.jpg`);
    assertEquals(reasons(await fetchIds([a], { fetch: "never" })), ["photo not fetched"]);
    assertEquals(reasons(await fetchIds([a])), ["here"]);
    assertEquals(server.requests.slice(14), [`train/${a}`]);
  },
);

test(
  "does not take another partition for a server that fails, and tries the photo again next time",
  {
    photos: two,
    fault: (name, count) => name === `train/${a}` && count < 4 ? "refuse" : undefined,
  },
  async ({ fetchIds, server, said, folder }) => {
    const settings = { retries: 1, partitions: ["train", "validation"] };
    assertEquals(reasons(await fetchIds([a, b], settings)), ["photo could not be fetched", "here"]);
    const asked = server.requests.filter((name) => name.endsWith(a));
    assertEquals(asked, Array(4).fill(`train/${a}`)); // all attempts, and all again in the end
    assert(said.at(-1)!.includes("1 photo could not be fetched (the server answered 503"));
    assert((await Deno.readTextFile(`${folder}/fetched.jsonl`)).includes(`"failed":"the server`));
    for (const fetch of ["never", "new"] as const) {
      const fates = await fetchIds([a, b], { ...settings, fetch });
      assertEquals(reasons(fates), ["photo could not be fetched", "here"]);
    }
    const count = server.requests.length;
    assertEquals(reasons(await fetchIds([a, b], settings)), ["here", "here"]);
    assertEquals(server.requests.length, count + 1);
  },
);

test(
  "learns photos that lie there already, and fetches again those that are empty or changed size",
  { photos: two },
  async ({ fetchIds, server, folder }) => {
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/${d}.jpg`, "from elsewhere");
    await Deno.writeFile(`${folder}/${a}.jpg`, new Uint8Array());
    const fates = await fetchIds([a, d]);
    assertEquals(server.requests, [`train/${a}`]);
    assertEquals(fates.get(d), sha256("from elsewhere"));
    await Deno.writeTextFile(`${folder}/${d}.jpg`, "changed there");
    assertEquals((await fetchIds([a, d])).get(d), sha256("changed there"));
    await Deno.truncate(`${folder}/${a}.jpg`, 0); // as a loss of power may leave it
    assertEquals(await fetchIds([a, d], { fetch: "new" }), await fetchIds([a, d]));
    assertEquals(server.requests, [`train/${a}`, `train/${a}`]);
  },
);

test(
  "reads a record whose last line was cut, and resumes after it",
  { photos: two },
  async ({ fetchIds, server, folder }) => {
    const path = `${folder}/fetched.jsonl`;
    const fates = await fetchIds([a, d]);
    const text = (await Deno.readTextFile(path)).trimEnd();
    await Deno.writeTextFile(path, text.slice(0, -10));
    await fetchIds([a, b, d]);
    await fetchIds([a, b, d]);
    assertEquals(await fetchIds([a, d]), fates);
    const counts = [a, b, d].map((id) =>
      server.requests.filter((name) => name.endsWith(id)).length
    );
    assertEquals([counts[0], counts[1]], [1, 2]); // only what was in the line may be requested again
  },
);

test(
  "honours an abort while the server is silent, and keeps what has arrived",
  { photos: two, fault: (name) => name.endsWith(b) ? "stall" : undefined },
  async ({ fetchIds, server, names }) => {
    const controller = new AbortController();
    const fetching = fetchIds([a, b], { stallTimeout: 600, partitions: ["validation", "train"] }, {
      signal: controller.signal,
    });
    while (server.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    while (!names().includes(`${a}.jpg`)) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new DOMException("enough", "AbortError"));
    await assertRejects(() => fetching, DOMException, "enough");
    assertEquals(names(), [`${a}.jpg`, "fetched.jsonl"].sort());
  },
);

test(
  "ends with one sentence when nothing can be fetched",
  { photos: new Map(), fault: () => "drop" },
  async ({ fetchIds, server }) => {
    const ids = drawnIds(3, 40);
    const settings = { concurrency: 4, retries: 1 };
    const error = await assertRejects(() => fetchIds(ids, settings), Error, server.endpoint);
    assert(error.message.startsWith("8 photos in a row could not be fetched"), error.message);
    assert(server.requests.length <= 2 * (8 + 4), `${server.requests.length}`);
  },
);

const failing = drawnIds(6, 30);
test(
  "does without photos that fail for good, and does not ask for all of them when the bucket is gone",
  {
    photos: drawnPhotos(6, failing),
    fault: (name) => failing.indexOf(name.slice("train/".length)) >= 6 ? "drop" : undefined,
    latency: 20, // a failure takes longer than a file
  },
  async ({ fetchIds, server }) => {
    const settings = { concurrency: 1, retries: 0 };
    // Six arrive between those that fail: no eight in a row.
    const mixed = failing.slice(6).flatMap((id, index) =>
      index % 4 === 3 ? [id, failing[(index - 3) / 4]] : [id]
    );
    const fates = await fetchIds(mixed, settings);
    const here = () => reasons(fates).filter((reason) => reason === "here").length;
    assertEquals([fates.size, here()], [30, 6]);
    const asked = server.requests.length;
    assert(asked >= 30 + 8 && asked < 30 + 24, `${asked}`);
    assertEquals(await fetchIds(mixed, settings), fates);
    assert(server.requests.length - asked < 24, "gave up after eight in a row");
  },
);

test(
  "ends with one sentence when photo after photo is nowhere, or too many are",
  { photos: new Map() },
  async ({ fetchIds, server }) => {
    const ids = drawnIds(4, 1100);
    const once = { partitions: ["train"] };
    await assertRejects(
      () => fetchIds(ids, once),
      Error,
      "None of the first 1000 photos came from",
    );
    assert(server.requests.length < 1000 + 2 * 16, "those under way ended");
    const refused = () => fetchIds(drawnIds(5, 50), once, { allowed: 10 });
    await assertRejects(
      refused,
      Error,
      "11 photos in none of train, which is more than dataset.max",
    );
  },
);

// A kill seldom meets the moment in which a small file is written: the kernel tells of each.
test(
  "gives photos their names by renaming alone, so that no kill leaves one half-written",
  { photos: manyPhotos },
  async ({ fetchIds, folder }) => {
    await Deno.mkdir(folder);
    const kinds = new Map<string, Set<string>>();
    const watcher = Deno.watchFs(folder, { recursive: false });
    const watching = (async () => {
      for await (const { kind, paths } of watcher) {
        for (const path of paths) {
          if (path.endsWith(".jpg")) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(path));
          if (path.endsWith("the end")) return;
        }
      }
    })();
    await fetchIds(many.slice(0, 20));
    await Deno.writeTextFile(join(folder, "the end"), "");
    await watching;
    assertEquals([...kinds.keys()], ["rename"]);
    assertEquals(kinds.get("rename")!.size, 20);
  },
  Deno.build.os === "linux",
);

Deno.test({
  name: "fetchPhotos() on a full disk says so in one sentence, keeps what has arrived, and resumes",
  ignore: ignore || !granted("run"),
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    inTempFolder(async (folder) => {
      const command = (name: string, ...args: string[]) =>
        new Deno.Command(name, { args, stderr: "null" }).output()
          .then(({ success }) => success, () => false);
      if (!await command("mount", "-t", "tmpfs", "-o", "size=400k", "none", folder)) return; // no root
      try {
        await using server = servePhotos({ photos: manyPhotos });
        const photos = join(folder, "photos");
        const bucket = bucketSettings.parse({ endpoint: server.endpoint, hosts: server.hosts });
        const fetchIds = () =>
          fetchPhotos(many.slice(0, 100), photos, { bucket, resize: false, allowed: 0 }, {});
        const error = await assertRejects(
          fetchIds,
          Error,
          "is full: free some space and run again",
        );
        assert(error.message.startsWith(`Cannot write ${photos}/`), error.message);
        const kept = [...Deno.readDirSync(photos)].filter(({ name }) => name.endsWith(".jpg"));
        assert(kept.length > 10, `${kept.length}`);
        assert(await command("mount", "-o", "remount,size=8m", folder), "remount");
        const asked = server.requests.length;
        const fates = await fetchIds();
        for (const [id, fate] of fates) assertEquals(fate, sha256(manyPhotos.get(`train/${id}`)!));
        assertEquals(server.requests.length - asked, 100 - kept.length);
      } finally {
        await command("umount", folder);
      }
    }),
});
