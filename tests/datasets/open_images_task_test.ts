import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, run, start } from "../tasks/task.ts";
import { drawnIds, drawnPhotos, servePhotos } from "./open_images/photo_server.ts";

const ids = drawnIds(13, 60);
const captions = ids.map((image_id) => JSON.stringify({ image_id, caption: "a dog" })).join("\n");

function test(
  name: string,
  latency: number,
  fn: (folder: string, endpoint: string, requests: string[]) => Promise<void>,
) {
  Deno.test({
    name,
    ignore,
    sanitizeOps: false, // connections stay open for the next photo
    sanitizeResources: false,
    fn: () =>
      inFolder(async (folder) => {
        await using server = servePhotos({ photos: drawnPhotos(13, ids), latency });
        await Deno.mkdir(`${folder}/data/open_images`, { recursive: true });
        await Deno.writeTextFile(`${folder}/data/open_images/captions.jsonl`, captions);
        await fn(folder, server.endpoint, server.requests);
      }),
  });
}

const args = (endpoint: string) => [
  "--dataset.kind=open_images",
  "--dataset.resize=false",
  `--dataset.bucket.endpoint=${endpoint}`,
  `--dataset.bucket.hosts=["${new URL(endpoint).host}"]`,
];

test("prepare of Open Images a second time is up to date and asks for nothing", 0, async (
  folder,
  endpoint,
  requests,
) => {
  const first = await run(folder, "prepare", ...args(endpoint), "--json");
  assertEquals([first.code, JSON.parse(first.out)], [
    0,
    { captions: 60, photos: 60, rejected: 0 },
  ], first.err);
  assert(first.err.includes(`Fetching 60 photos from ${endpoint}`), first.err);
  assertEquals(requests.length, 60);
  const again = await run(folder, "prepare", ...args(endpoint), "--dataset.bucket.concurrency=2");
  assertEquals(again.code, 0, again.err);
  assert(again.err.startsWith("The data set is prepared: 60 captions of 60 photos"), again.err);
  assertEquals(requests.length, 60);
});

test("prepare of Open Images ends at SIGINT with 130, and resumes where it was", 100, async (
  folder,
  endpoint,
  requests,
) => {
  const child = await start(folder, "prepare", ...args(endpoint), "--dataset.bucket.concurrency=4");
  while (requests.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGINT");
  const { code, stdout } = await child.output();
  assertEquals([code, stdout.length], [130, 0]);
  const photos = `${folder}/data/open_images/photos`;
  const names = [...Deno.readDirSync(photos)].map(({ name }) => name);
  const kept = names.filter((name) => name.endsWith(".jpg")).length;
  assert(kept >= 8 && kept < 60, `${kept}`);
  assertEquals(names.length, kept + 1, names.join());
  assert(!(await exists(`${folder}/data/datasets`)));
  const asked = requests.length;
  assertEquals((await run(folder, "prepare", ...args(endpoint))).code, 0);
  assertEquals(requests.length - asked, 60 - kept);
});
