import { join } from "node:path";
import { datasetSettings } from "../../../lib/datasets/mod.ts";
import { sha256 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { prepareDataset } from "../prepare_files.ts";
import { inTempFolder } from "../temp_folder.ts";
import { zipOf } from "./zip.ts";

const ignore = !granted("read", "write", "net", "env");

const photos = zipOf([{ name: "Flicker8k_Dataset/a.jpg", content: "a" }]);
const texts = zipOf([{ name: "Flickr8k.token.txt", content: "a.jpg#0\tA dog .\n" }]);

/** Serves the two archives while something runs; counts the requests. */
async function serving(fn: (address: string, requests: string[]) => Promise<void>): Promise<void> {
  const requests: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    if (pathname.endsWith("photos.zip")) return new Response(photos as BodyInit);
    if (pathname.endsWith("texts.zip")) return new Response(texts as BodyInit);
    return new Response("no", { status: 404 });
  });
  try {
    await fn(`http://127.0.0.1:${server.addr.port}`, requests);
  } finally {
    await server.shutdown();
  }
}

Deno.test({
  name: "flickr8k: downloads are fetched once, checked, unpacked and used",
  ignore,
  fn: () =>
    serving((address, requests) =>
      inTempFolder(async (folder) => {
        const source = join(folder, "flickr8k");
        const settings = datasetSettings.parse({
          kind: "flickr8k",
          source,
          downloads: [
            { url: `${address}/photos.zip`, sha256: sha256(photos).toUpperCase() },
            { url: `${address}/texts.zip?raw=1` },
          ],
        });
        const said: string[] = [];
        for (let i = 0; i < 2; i++) {
          const say = (line: string) => said.push(line);
          const { captions } = await prepareDataset(settings, { folder, say });
          assertEquals(captions.map((row) => row.caption), ["A dog ."]);
        }
        assertEquals(requests, ["/photos.zip", "/texts.zip"]);
        assertEquals(said.filter((line) => line.startsWith("Downloading")).length, 2);
        assertEquals([...Deno.readDirSync(source)].map((entry) => entry.name).sort(), [
          ".showtell-downloads.json",
          "Flicker8k_Dataset",
          "Flickr8k.token.txt",
        ]);
      })
    ),
});

Deno.test({
  name: "flickr8k: a download of another checksum is refused and nothing unpacked",
  ignore,
  fn: () =>
    serving((address) =>
      inTempFolder(async (folder) => {
        const downloads = [{ url: `${address}/photos.zip`, sha256: "0".repeat(64) }];
        const settings = datasetSettings.parse({ kind: "flickr8k", source: folder, downloads });
        const error = await assertRejects(() => prepareDataset(settings, { folder }), Error);
        assert(error.message.includes("photos.zip"), error.message);
        const names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
        assert(!names.includes("Flicker8k_Dataset") && !names.includes("photos.zip"));
      })
    ),
});
