import { join } from "node:path";
import { datasetSettings, describeRejections, openDataset } from "../../lib/datasets/mod.ts";
import { sha256 } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import {
  drawnIds,
  drawnPhotos,
  type PhotoServer,
  type ServedPhotos,
  servePhotos,
} from "./open_images/photo_server.ts";
import { prepareDataset } from "./prepare_files.ts";
import { inTempFolder, writeFiles } from "./temp_folder.ts";

const ids = drawnIds(11, 40);
const photos = drawnPhotos(11, ids);
const captions = ids.map((image_id, index) =>
  JSON.stringify({ image_id, caption: `caption ${index}` }) + "\n"
).join("");

/** A server, a source folder with its captions, and settings for both. */
function test(
  name: string,
  served: ServedPhotos,
  fn: (
    parse: (more?: Record<string, unknown>) => ReturnType<typeof datasetSettings.parse>,
    folder: string,
    server: PhotoServer,
  ) => Promise<void>,
) {
  Deno.test({
    name: `open_images: ${name}`,
    ignore: !granted("read", "write", "net", "env"),
    sanitizeOps: false, // connections stay open for the next photo
    sanitizeResources: false,
    fn: () =>
      inTempFolder(async (folder) => {
        await using server = servePhotos(served);
        await writeFiles(folder, { "captions.jsonl": captions });
        const { endpoint, hosts } = server;
        const bucket = { endpoint, hosts, retries: 1, retryDelay: 0.001 };
        const parse = (more = {}) =>
          datasetSettings.parse({
            kind: "open_images",
            source: folder,
            resize: false,
            bucket,
            ...more,
          });
        await fn(parse, folder, server);
      }),
  });
}

test(
  "photos, captions, digests, and 75, 20 and 5 % of the photos",
  { photos },
  async (parse, folder) => {
    const progress: unknown[][] = [];
    const onProgress = (...step: unknown[]) => progress.push(step);
    const prepared = await prepareDataset(parse(), { folder, onProgress });
    assertEquals(prepared.photoFolder, join(folder, "photos"));
    assertEquals([prepared.rejected, prepared.rows], [[], 40]);
    assertEquals(
      prepared.captions.map(({ split: _, ...row }) => row),
      ids.map((id, index) => ({
        photo: `${id}.jpg`,
        digest: sha256(photos.get(`train/${id}`)!),
        caption: `caption ${index}`,
      })),
    );
    const of = (split: string) => prepared.captions.filter((row) => row.split === split).length;
    assertEquals([of("train"), of("dev"), of("test")], [30, 8, 2]);
    const [stage, done, total, note] = progress.at(-1)!;
    assertEquals([stage, done, total], ["Photos", 40, 40]);
    assert(/^[\d.]+ photos\/s, [\d.]+ MB\/s$/.test(note as string), `${note}`);
  },
);

test(
  "photos come under data/ where the captions lie elsewhere, and are shared by data sets",
  { photos },
  async (parse, folder, server) => {
    const data = join(folder, "elsewhere", "data");
    for (const name of ["one", "other"]) {
      const context = { folder: join(data, "datasets", name) };
      const { photoFolder, captions } = await prepareDataset(parse(), context);
      assertEquals([photoFolder, captions.length], [join(data, "open_images", "photos"), 40]);
    }
    assertEquals(server.requests.length, 40);
  },
);

test(
  "what is missing is rejected, and asked for once by one that is open; a photo that comes later moves no other",
  {
    photos: new Map([...photos].slice(0, 36)),
    fault: (name, count) => name.endsWith(ids[0]) && count < 4 ? "refuse" : undefined,
  },
  async (parse, folder, server) => {
    const run = async () => {
      const opened = await openDataset(parse(), { folder });
      const fingerprint = await opened.fingerprint();
      const asked = server.requests.length;
      const { captions, rejected } = await opened.prepare();
      assertEquals(server.requests.length, asked);
      return { fingerprint, captions, rejected, asked };
    };
    const first = await run();
    assertEquals(first.asked, 35 + 4 + 4 * 3);
    assertEquals(first.captions.length, 35);
    assertEquals(
      describeRejections(first.rejected),
      "5 rows rejected: photo in none of train, validation, test (4), " +
        "photo could not be fetched (1)",
    );
    assertEquals(first.rejected[0].row, "captions.jsonl:1");
    const second = await run();
    assertEquals(second.asked, first.asked + 1);
    assert(second.fingerprint !== first.fingerprint, "a photo more");
    assertEquals(second.captions.slice(1), first.captions);
    const third = await run();
    assertEquals(third, { ...second, asked: second.asked });
  },
);

test(
  "maxPhotos counts ids chosen, limit the photos of each split; no other photo is fetched",
  { photos },
  async (parse, folder, server) => {
    const prepared = await prepareDataset(parse({ maxPhotos: 20 }), { folder });
    assertEquals(
      prepared.captions.map(({ photo }) => photo),
      ids.slice(0, 20).map((id) => `${id}.jpg`),
    );
    assertEquals(server.requests.length, 20);
    const source = join(folder, "other");
    await writeFiles(source, { "captions.jsonl": captions });
    const limited = await prepareDataset(parse({ source, limit: 2 }), { folder });
    assertEquals(limited.captions.length, 6);
    assertEquals(server.requests.length, 26);
  },
);

test(
  "too many missing photos end the fetch with dataset.maxRejected",
  { photos: new Map([...photos].slice(0, 10)) },
  async (parse, folder) => {
    const prepare = () => prepareDataset(parse({ maxRejected: 5 }), { folder });
    const error = await assertRejects(prepare, Error, "dataset.maxRejected");
    assert(error.message.includes("6 photos in none of train, validation, test"), error.message);
  },
);

test(
  "downloads are left out where the captions that are named are there, and only there",
  { photos },
  async (parse, folder) => {
    const downloads = [{ url: "http://127.0.0.1:9/captions.jsonl", sha256: "0".repeat(64) }];
    const prepare = (captions: string) =>
      prepareDataset(parse({ captions, downloads, source: join(folder, "other") }), { folder });
    assertEquals((await prepare(join(folder, "captions.jsonl"))).captions.length, 40);
    assertEquals((await prepare("../captions.jsonl")).captions.length, 40);
    const signal = AbortSignal.abort(new Error("downloads"));
    const settings = parse({ captions: "none.jsonl", downloads });
    await assertRejects(() => prepareDataset(settings, { folder, signal }), Error, "downloads");
  },
);

test(
  "no photo at all is an error, however many may be rejected",
  { photos },
  async (parse, folder) => {
    const settings = parse({ maxRejected: 40, bucket: { fetch: "never" } });
    const error = await assertRejects(() => prepareDataset(settings, { folder }), Error);
    assert(error.message.includes("40 rows rejected: photo not fetched (40)"), error.message);
  },
);
